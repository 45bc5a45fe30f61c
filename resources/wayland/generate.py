#!/usr/bin/env python3
"""Writes the table of the Wayland interfaces that pass into sandboxes, from the protocols' own descriptions.

usage: generate.py [OUTPUT]      without OUTPUT: the file in the tree
Needs libwayland-dev and wayland-protocols. What is not in INTERFACES does not exist for a sandboxed program.
"""
import os
import sys
import xml.etree.ElementTree as tree

CORE = "/usr/share/wayland/wayland.xml"
MORE = "/usr/share/wayland-protocols/"
# File, and the interfaces of it that pass. Not here: whatever sees or operates other programs' windows, takes pictures
# of the screen, makes input, reads the clipboard unasked, holds keys or the pointer, or needs the graphics card.
INTERFACES = {
    CORE: ["wl_display", "wl_registry", "wl_callback", "wl_compositor", "wl_shm_pool", "wl_shm", "wl_buffer",
           "wl_data_offer", "wl_data_source", "wl_data_device", "wl_data_device_manager", "wl_surface", "wl_seat",
           "wl_pointer", "wl_keyboard", "wl_touch", "wl_output", "wl_region", "wl_subcompositor", "wl_subsurface"],
    MORE + "stable/xdg-shell/xdg-shell.xml": ["xdg_wm_base", "xdg_positioner", "xdg_surface", "xdg_toplevel",
                                              "xdg_popup"],
    MORE + "stable/viewporter/viewporter.xml": ["wp_viewporter", "wp_viewport"],
    MORE + "staging/fractional-scale/fractional-scale-v1.xml": ["wp_fractional_scale_manager_v1",
                                                                "wp_fractional_scale_v1"],
    MORE + "staging/single-pixel-buffer/single-pixel-buffer-v1.xml": ["wp_single_pixel_buffer_manager_v1"],
    MORE + "unstable/primary-selection/primary-selection-unstable-v1.xml": [
        "zwp_primary_selection_device_manager_v1", "zwp_primary_selection_device_v1",
        "zwp_primary_selection_offer_v1", "zwp_primary_selection_source_v1"],
    MORE + "unstable/xdg-decoration/xdg-decoration-unstable-v1.xml": ["zxdg_decoration_manager_v1",
                                                                      "zxdg_toplevel_decoration_v1"],
    MORE + "unstable/xdg-output/xdg-output-unstable-v1.xml": ["zxdg_output_manager_v1", "zxdg_output_v1"],
}
LETTERS = {"int": "i", "uint": "u", "fixed": "f", "string": "s", "array": "a", "fd": "h", "object": "o", "new_id": "n"}


def message(element):
    letters, interfaces = "", []
    for arg in element.findall("arg"):
        kind = arg.get("type")
        named = arg.get("interface", "")
        if kind == "new_id" and not named:
            letters += "sun"  # the interface and its version come with it
            interfaces.append("")
            continue
        letter = LETTERS[kind]
        letters += letter.upper() if arg.get("allow-null") == "true" else letter
        if kind in ("object", "new_id"):
            interfaces.append(named)
    ends = "true" if element.get("type") == "destructor" else "false"
    return f'{{"{element.get("name")}", "{letters}", "{",".join(interfaces)}", {ends}}}'


def table():
    text = ("// Made by resources/wayland/generate.py: do not edit.\n// clang-format off\n"
            '#include "core/platform/linux/display/wayland_tables.h"\n\n'
            "namespace belljar::linux_platform {\nnamespace {\n")
    rows = []
    for file, wanted in INTERFACES.items():
        found = {element.get("name"): element for element in tree.parse(file).getroot().findall("interface")}
        for name in wanted:
            element = found[name]
            lists = []
            for kind in ("request", "event"):
                messages = [message(each) for each in element.findall(kind)]
                lists.append(f"{name}_{kind}s" if messages else "{}")
                if messages:
                    text += f"\nconstexpr WaylandMessage {name}_{kind}s[]{{\n    " + ",\n    ".join(messages) + ",\n};\n"
            rows.append(f'    {{"{name}", {element.get("version")}, {lists[0]}, {lists[1]}}},\n')
    return (text + "\nconstexpr WaylandInterface kInterfaces[]{\n" + "".join(rows) + "};\n\n}  // namespace\n\n"
            "std::span<const WaylandInterface> waylandInterfaces()\n{\n    return kInterfaces;\n}\n\n"
            "}  // namespace belljar::linux_platform\n")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    usual = os.path.join(here, "..", "..", "core", "platform", "linux", "display", "wayland_tables.cpp")
    with open(sys.argv[1] if len(sys.argv) > 1 else usual, "w", encoding="ascii") as output:
        output.write(table())
