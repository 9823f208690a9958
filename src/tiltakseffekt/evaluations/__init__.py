"""What one report needs and no other."""
