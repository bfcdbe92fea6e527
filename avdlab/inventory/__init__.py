"""From Ansible inventory and group_vars to Inventory."""
