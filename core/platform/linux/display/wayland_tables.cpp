// Made by resources/wayland/generate.py: do not edit.
// clang-format off
#include "core/platform/linux/display/wayland_tables.h"

namespace belljar::linux_platform {
namespace {

constexpr WaylandMessage wl_display_requests[]{
    {"sync", "n", "wl_callback", false},
    {"get_registry", "n", "wl_registry", false},
};

constexpr WaylandMessage wl_display_events[]{
    {"error", "ous", "", false},
    {"delete_id", "u", "", false},
};

constexpr WaylandMessage wl_registry_requests[]{
    {"bind", "usun", "", false},
};

constexpr WaylandMessage wl_registry_events[]{
    {"global", "usu", "", false},
    {"global_remove", "u", "", false},
};

constexpr WaylandMessage wl_callback_events[]{
    {"done", "u", "", true},
};

constexpr WaylandMessage wl_compositor_requests[]{
    {"create_surface", "n", "wl_surface", false},
    {"create_region", "n", "wl_region", false},
};

constexpr WaylandMessage wl_shm_pool_requests[]{
    {"create_buffer", "niiiiu", "wl_buffer", false},
    {"destroy", "", "", true},
    {"resize", "i", "", false},
};

constexpr WaylandMessage wl_shm_requests[]{
    {"create_pool", "nhi", "wl_shm_pool", false},
};

constexpr WaylandMessage wl_shm_events[]{
    {"format", "u", "", false},
};

constexpr WaylandMessage wl_buffer_requests[]{
    {"destroy", "", "", true},
};

constexpr WaylandMessage wl_buffer_events[]{
    {"release", "", "", false},
};

constexpr WaylandMessage wl_data_offer_requests[]{
    {"accept", "uS", "", false},
    {"receive", "sh", "", false},
    {"destroy", "", "", true},
    {"finish", "", "", false},
    {"set_actions", "uu", "", false},
};

constexpr WaylandMessage wl_data_offer_events[]{
    {"offer", "s", "", false},
    {"source_actions", "u", "", false},
    {"action", "u", "", false},
};

constexpr WaylandMessage wl_data_source_requests[]{
    {"offer", "s", "", false},
    {"destroy", "", "", true},
    {"set_actions", "u", "", false},
};

constexpr WaylandMessage wl_data_source_events[]{
    {"target", "S", "", false},
    {"send", "sh", "", false},
    {"cancelled", "", "", false},
    {"dnd_drop_performed", "", "", false},
    {"dnd_finished", "", "", false},
    {"action", "u", "", false},
};

constexpr WaylandMessage wl_data_device_requests[]{
    {"start_drag", "OoOu", "wl_data_source,wl_surface,wl_surface", false},
    {"set_selection", "Ou", "wl_data_source", false},
    {"release", "", "", true},
};

constexpr WaylandMessage wl_data_device_events[]{
    {"data_offer", "n", "wl_data_offer", false},
    {"enter", "uoffO", "wl_surface,wl_data_offer", false},
    {"leave", "", "", false},
    {"motion", "uff", "", false},
    {"drop", "", "", false},
    {"selection", "O", "wl_data_offer", false},
};

constexpr WaylandMessage wl_data_device_manager_requests[]{
    {"create_data_source", "n", "wl_data_source", false},
    {"get_data_device", "no", "wl_data_device,wl_seat", false},
};

constexpr WaylandMessage wl_surface_requests[]{
    {"destroy", "", "", true},
    {"attach", "Oii", "wl_buffer", false},
    {"damage", "iiii", "", false},
    {"frame", "n", "wl_callback", false},
    {"set_opaque_region", "O", "wl_region", false},
    {"set_input_region", "O", "wl_region", false},
    {"commit", "", "", false},
    {"set_buffer_transform", "i", "", false},
    {"set_buffer_scale", "i", "", false},
    {"damage_buffer", "iiii", "", false},
    {"offset", "ii", "", false},
};

constexpr WaylandMessage wl_surface_events[]{
    {"enter", "o", "wl_output", false},
    {"leave", "o", "wl_output", false},
};

constexpr WaylandMessage wl_seat_requests[]{
    {"get_pointer", "n", "wl_pointer", false},
    {"get_keyboard", "n", "wl_keyboard", false},
    {"get_touch", "n", "wl_touch", false},
    {"release", "", "", true},
};

constexpr WaylandMessage wl_seat_events[]{
    {"capabilities", "u", "", false},
    {"name", "s", "", false},
};

constexpr WaylandMessage wl_pointer_requests[]{
    {"set_cursor", "uOii", "wl_surface", false},
    {"release", "", "", true},
};

constexpr WaylandMessage wl_pointer_events[]{
    {"enter", "uoff", "wl_surface", false},
    {"leave", "uo", "wl_surface", false},
    {"motion", "uff", "", false},
    {"button", "uuuu", "", false},
    {"axis", "uuf", "", false},
    {"frame", "", "", false},
    {"axis_source", "u", "", false},
    {"axis_stop", "uu", "", false},
    {"axis_discrete", "ui", "", false},
    {"axis_value120", "ui", "", false},
};

constexpr WaylandMessage wl_keyboard_requests[]{
    {"release", "", "", true},
};

constexpr WaylandMessage wl_keyboard_events[]{
    {"keymap", "uhu", "", false},
    {"enter", "uoa", "wl_surface", false},
    {"leave", "uo", "wl_surface", false},
    {"key", "uuuu", "", false},
    {"modifiers", "uuuuu", "", false},
    {"repeat_info", "ii", "", false},
};

constexpr WaylandMessage wl_touch_requests[]{
    {"release", "", "", true},
};

constexpr WaylandMessage wl_touch_events[]{
    {"down", "uuoiff", "wl_surface", false},
    {"up", "uui", "", false},
    {"motion", "uiff", "", false},
    {"frame", "", "", false},
    {"cancel", "", "", false},
    {"shape", "iff", "", false},
    {"orientation", "if", "", false},
};

constexpr WaylandMessage wl_output_requests[]{
    {"release", "", "", true},
};

constexpr WaylandMessage wl_output_events[]{
    {"geometry", "iiiiissi", "", false},
    {"mode", "uiii", "", false},
    {"done", "", "", false},
    {"scale", "i", "", false},
    {"name", "s", "", false},
    {"description", "s", "", false},
};

constexpr WaylandMessage wl_region_requests[]{
    {"destroy", "", "", true},
    {"add", "iiii", "", false},
    {"subtract", "iiii", "", false},
};

constexpr WaylandMessage wl_subcompositor_requests[]{
    {"destroy", "", "", true},
    {"get_subsurface", "noo", "wl_subsurface,wl_surface,wl_surface", false},
};

constexpr WaylandMessage wl_subsurface_requests[]{
    {"destroy", "", "", true},
    {"set_position", "ii", "", false},
    {"place_above", "o", "wl_surface", false},
    {"place_below", "o", "wl_surface", false},
    {"set_sync", "", "", false},
    {"set_desync", "", "", false},
};

constexpr WaylandMessage xdg_wm_base_requests[]{
    {"destroy", "", "", true},
    {"create_positioner", "n", "xdg_positioner", false},
    {"get_xdg_surface", "no", "xdg_surface,wl_surface", false},
    {"pong", "u", "", false},
};

constexpr WaylandMessage xdg_wm_base_events[]{
    {"ping", "u", "", false},
};

constexpr WaylandMessage xdg_positioner_requests[]{
    {"destroy", "", "", true},
    {"set_size", "ii", "", false},
    {"set_anchor_rect", "iiii", "", false},
    {"set_anchor", "u", "", false},
    {"set_gravity", "u", "", false},
    {"set_constraint_adjustment", "u", "", false},
    {"set_offset", "ii", "", false},
    {"set_reactive", "", "", false},
    {"set_parent_size", "ii", "", false},
    {"set_parent_configure", "u", "", false},
};

constexpr WaylandMessage xdg_surface_requests[]{
    {"destroy", "", "", true},
    {"get_toplevel", "n", "xdg_toplevel", false},
    {"get_popup", "nOo", "xdg_popup,xdg_surface,xdg_positioner", false},
    {"set_window_geometry", "iiii", "", false},
    {"ack_configure", "u", "", false},
};

constexpr WaylandMessage xdg_surface_events[]{
    {"configure", "u", "", false},
};

constexpr WaylandMessage xdg_toplevel_requests[]{
    {"destroy", "", "", true},
    {"set_parent", "O", "xdg_toplevel", false},
    {"set_title", "s", "", false},
    {"set_app_id", "s", "", false},
    {"show_window_menu", "ouii", "wl_seat", false},
    {"move", "ou", "wl_seat", false},
    {"resize", "ouu", "wl_seat", false},
    {"set_max_size", "ii", "", false},
    {"set_min_size", "ii", "", false},
    {"set_maximized", "", "", false},
    {"unset_maximized", "", "", false},
    {"set_fullscreen", "O", "wl_output", false},
    {"unset_fullscreen", "", "", false},
    {"set_minimized", "", "", false},
};

constexpr WaylandMessage xdg_toplevel_events[]{
    {"configure", "iia", "", false},
    {"close", "", "", false},
    {"configure_bounds", "ii", "", false},
    {"wm_capabilities", "a", "", false},
};

constexpr WaylandMessage xdg_popup_requests[]{
    {"destroy", "", "", true},
    {"grab", "ou", "wl_seat", false},
    {"reposition", "ou", "xdg_positioner", false},
};

constexpr WaylandMessage xdg_popup_events[]{
    {"configure", "iiii", "", false},
    {"popup_done", "", "", false},
    {"repositioned", "u", "", false},
};

constexpr WaylandMessage wp_viewporter_requests[]{
    {"destroy", "", "", true},
    {"get_viewport", "no", "wp_viewport,wl_surface", false},
};

constexpr WaylandMessage wp_viewport_requests[]{
    {"destroy", "", "", true},
    {"set_source", "ffff", "", false},
    {"set_destination", "ii", "", false},
};

constexpr WaylandMessage wp_fractional_scale_manager_v1_requests[]{
    {"destroy", "", "", true},
    {"get_fractional_scale", "no", "wp_fractional_scale_v1,wl_surface", false},
};

constexpr WaylandMessage wp_fractional_scale_v1_requests[]{
    {"destroy", "", "", true},
};

constexpr WaylandMessage wp_fractional_scale_v1_events[]{
    {"preferred_scale", "u", "", false},
};

constexpr WaylandMessage wp_single_pixel_buffer_manager_v1_requests[]{
    {"destroy", "", "", true},
    {"create_u32_rgba_buffer", "nuuuu", "wl_buffer", false},
};

constexpr WaylandMessage zwp_primary_selection_device_manager_v1_requests[]{
    {"create_source", "n", "zwp_primary_selection_source_v1", false},
    {"get_device", "no", "zwp_primary_selection_device_v1,wl_seat", false},
    {"destroy", "", "", true},
};

constexpr WaylandMessage zwp_primary_selection_device_v1_requests[]{
    {"set_selection", "Ou", "zwp_primary_selection_source_v1", false},
    {"destroy", "", "", true},
};

constexpr WaylandMessage zwp_primary_selection_device_v1_events[]{
    {"data_offer", "n", "zwp_primary_selection_offer_v1", false},
    {"selection", "O", "zwp_primary_selection_offer_v1", false},
};

constexpr WaylandMessage zwp_primary_selection_offer_v1_requests[]{
    {"receive", "sh", "", false},
    {"destroy", "", "", true},
};

constexpr WaylandMessage zwp_primary_selection_offer_v1_events[]{
    {"offer", "s", "", false},
};

constexpr WaylandMessage zwp_primary_selection_source_v1_requests[]{
    {"offer", "s", "", false},
    {"destroy", "", "", true},
};

constexpr WaylandMessage zwp_primary_selection_source_v1_events[]{
    {"send", "sh", "", false},
    {"cancelled", "", "", false},
};

constexpr WaylandMessage zxdg_decoration_manager_v1_requests[]{
    {"destroy", "", "", true},
    {"get_toplevel_decoration", "no", "zxdg_toplevel_decoration_v1,xdg_toplevel", false},
};

constexpr WaylandMessage zxdg_toplevel_decoration_v1_requests[]{
    {"destroy", "", "", true},
    {"set_mode", "u", "", false},
    {"unset_mode", "", "", false},
};

constexpr WaylandMessage zxdg_toplevel_decoration_v1_events[]{
    {"configure", "u", "", false},
};

constexpr WaylandMessage zxdg_output_manager_v1_requests[]{
    {"destroy", "", "", true},
    {"get_xdg_output", "no", "zxdg_output_v1,wl_output", false},
};

constexpr WaylandMessage zxdg_output_v1_requests[]{
    {"destroy", "", "", true},
};

constexpr WaylandMessage zxdg_output_v1_events[]{
    {"logical_position", "ii", "", false},
    {"logical_size", "ii", "", false},
    {"done", "", "", false},
    {"name", "s", "", false},
    {"description", "s", "", false},
};

constexpr WaylandInterface kInterfaces[]{
    {"wl_display", 1, wl_display_requests, wl_display_events},
    {"wl_registry", 1, wl_registry_requests, wl_registry_events},
    {"wl_callback", 1, {}, wl_callback_events},
    {"wl_compositor", 5, wl_compositor_requests, {}},
    {"wl_shm_pool", 1, wl_shm_pool_requests, {}},
    {"wl_shm", 1, wl_shm_requests, wl_shm_events},
    {"wl_buffer", 1, wl_buffer_requests, wl_buffer_events},
    {"wl_data_offer", 3, wl_data_offer_requests, wl_data_offer_events},
    {"wl_data_source", 3, wl_data_source_requests, wl_data_source_events},
    {"wl_data_device", 3, wl_data_device_requests, wl_data_device_events},
    {"wl_data_device_manager", 3, wl_data_device_manager_requests, {}},
    {"wl_surface", 5, wl_surface_requests, wl_surface_events},
    {"wl_seat", 8, wl_seat_requests, wl_seat_events},
    {"wl_pointer", 8, wl_pointer_requests, wl_pointer_events},
    {"wl_keyboard", 8, wl_keyboard_requests, wl_keyboard_events},
    {"wl_touch", 8, wl_touch_requests, wl_touch_events},
    {"wl_output", 4, wl_output_requests, wl_output_events},
    {"wl_region", 1, wl_region_requests, {}},
    {"wl_subcompositor", 1, wl_subcompositor_requests, {}},
    {"wl_subsurface", 1, wl_subsurface_requests, {}},
    {"xdg_wm_base", 5, xdg_wm_base_requests, xdg_wm_base_events},
    {"xdg_positioner", 5, xdg_positioner_requests, {}},
    {"xdg_surface", 5, xdg_surface_requests, xdg_surface_events},
    {"xdg_toplevel", 5, xdg_toplevel_requests, xdg_toplevel_events},
    {"xdg_popup", 5, xdg_popup_requests, xdg_popup_events},
    {"wp_viewporter", 1, wp_viewporter_requests, {}},
    {"wp_viewport", 1, wp_viewport_requests, {}},
    {"wp_fractional_scale_manager_v1", 1, wp_fractional_scale_manager_v1_requests, {}},
    {"wp_fractional_scale_v1", 1, wp_fractional_scale_v1_requests, wp_fractional_scale_v1_events},
    {"wp_single_pixel_buffer_manager_v1", 1, wp_single_pixel_buffer_manager_v1_requests, {}},
    {"zwp_primary_selection_device_manager_v1", 1, zwp_primary_selection_device_manager_v1_requests, {}},
    {"zwp_primary_selection_device_v1", 1, zwp_primary_selection_device_v1_requests, zwp_primary_selection_device_v1_events},
    {"zwp_primary_selection_offer_v1", 1, zwp_primary_selection_offer_v1_requests, zwp_primary_selection_offer_v1_events},
    {"zwp_primary_selection_source_v1", 1, zwp_primary_selection_source_v1_requests, zwp_primary_selection_source_v1_events},
    {"zxdg_decoration_manager_v1", 1, zxdg_decoration_manager_v1_requests, {}},
    {"zxdg_toplevel_decoration_v1", 1, zxdg_toplevel_decoration_v1_requests, zxdg_toplevel_decoration_v1_events},
    {"zxdg_output_manager_v1", 3, zxdg_output_manager_v1_requests, {}},
    {"zxdg_output_v1", 3, zxdg_output_v1_requests, zxdg_output_v1_events},
};

}  // namespace

std::span<const WaylandInterface> waylandInterfaces()
{
    return kInterfaces;
}

}  // namespace belljar::linux_platform
