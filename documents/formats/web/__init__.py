"""What HTML pages and chapters of books share: their main content, panels, notes and tables.

A parsed page comes in. ``main_content`` prunes and orders its tree: ``panels`` shows what a control
opens, ``notes`` puts notes after their paragraphs. ``words`` and ``tables`` read what is left.
"""
