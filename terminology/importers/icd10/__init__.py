"""ICD-10-PCS and ICD-10-CM, as CMS and the National Center for Health Statistics deliver them."""
