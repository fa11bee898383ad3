"""What pages of volunteer hours share: their lines, forms and papers."""
