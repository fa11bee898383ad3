"""What pages about rooms share."""
