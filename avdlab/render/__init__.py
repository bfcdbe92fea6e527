"""From Inventory to structured configs, configs, documents and catalogs, with pyavd."""
