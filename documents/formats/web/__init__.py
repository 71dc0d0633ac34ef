"""What HTML pages and chapters of books share: their main content, panels, notes and tables.

A parsed page comes in. ``main_content`` prunes and orders its tree: ``hiding`` finds what styles
hide, ``panels`` shows what a control opens, ``notes`` puts notes after their paragraphs, ``fields``
writes what forms hold, ``margins`` keeps what is said around the content. ``words`` and ``tables``
read what is left.
"""
