"""What readers with an account see: corrections, reports and saved searches."""
