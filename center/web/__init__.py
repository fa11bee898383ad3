"""Pages: what people meet. The areas beneath have the pages; beside them lies what they share."""
