"""Files in the tenant's part of the bucket: uploads, downloads, pictures."""
