"""The 4:30 after-school programme (四点半学校): terms, places, week plans, who holds each child, and handing over."""
