"""What customers are told of their tickets: by SMS or e-mail where the company has a way, else by a text to copy into WeChat."""
