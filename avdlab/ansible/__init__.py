"""The Ansible front."""
