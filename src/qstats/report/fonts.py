"""In which fonts are pages and charts set, and does each character have its glyph?

One family with the Chinese mainland forms of the characters (直 and 骨 differ from the Japanese ones). A
font that is not declared, or a character without a glyph, stops the build: boxes are never published.
"""

SANS = "Noto Sans CJK SC"
MONO = "Noto Sans Mono CJK SC"
