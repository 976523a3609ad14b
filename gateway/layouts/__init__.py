"""A bank's file as data: :class:`Layout`, its reader, its writer, its field guide."""

from gateway.layouts.layout import Field, FieldType, Layout, Style, Total, TotalKind

__all__ = ["Field", "FieldType", "Layout", "Style", "Total", "TotalKind"]
