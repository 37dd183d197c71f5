"""What to do in which year for which money: from settings and menu to sheets."""
