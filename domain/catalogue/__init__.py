"""What can be measured and what was planned: indicators, targets, legends, procedures, services, regions, as data."""
