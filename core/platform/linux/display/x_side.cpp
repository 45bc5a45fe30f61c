#include "core/platform/linux/display/x_side.h"

#include <xcb/xfixes.h>

#include <algorithm>
#include <string_view>

namespace belljar::linux_platform {
namespace {

/// A server never forgets an atom, so that names which hostile programs make up must end somewhere.
constexpr std::size_t kMostAtoms = 1024;
constexpr std::size_t kLongestName = 127;

bool isSane(std::string_view name)
{
    return !name.empty() && name.size() <= kLongestName &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::unique_ptr<XSide> XSide::open(xcb_connection_t* connection)
{
    std::unique_ptr<XSide> side(new XSide(connection));
    return !side->isBroken() && side->prepare() ? std::move(side) : nullptr;
}

XSide::~XSide()
{
    xcb_disconnect(m_connection);
}

bool XSide::prepare()
{
    const xcb_query_extension_reply_t* fixes = xcb_get_extension_data(m_connection, &xcb_xfixes_id);
    if (fixes == nullptr || !fixes->present) return false;
    m_firstFixesEvent = fixes->first_event;
    const XReply<xcb_xfixes_query_version_reply_t> version(
        xcb_xfixes_query_version_reply(m_connection, xcb_xfixes_query_version(m_connection, 1, 0), nullptr));
    const xcb_screen_iterator_t screens = xcb_setup_roots_iterator(xcb_get_setup(m_connection));
    if (!version || screens.rem == 0) return false;
    m_window = xcb_generate_id(m_connection);
    const std::uint32_t events = XCB_EVENT_MASK_PROPERTY_CHANGE;
    xcb_create_window(m_connection, XCB_COPY_FROM_PARENT, m_window, screens.data->root, -1, -1, 1, 1, 0,
                      XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK, &events);
    for (std::size_t i = 0; i < kSelections.size(); ++i) {
        m_selections[i] = atom(kSelections[i]);
        xcb_xfixes_select_selection_input(m_connection, m_window, m_selections[i],
                                          XCB_XFIXES_SELECTION_EVENT_MASK_SET_SELECTION_OWNER |
                                              XCB_XFIXES_SELECTION_EVENT_MASK_SELECTION_WINDOW_DESTROY |
                                              XCB_XFIXES_SELECTION_EVENT_MASK_SELECTION_CLIENT_CLOSE);
    }
    // Before anybody can use up what may be made.
    for (const char* needed : {"TARGETS", "TIMESTAMP", "INCR", "STRING"}) static_cast<void>(atom(needed));
    for (std::size_t slot = 0; slot < kMostTransfers; ++slot) static_cast<void>(transferAtom(slot));
    flush();
    return !isBroken();
}

xcb_atom_t XSide::transferAtom(std::size_t slot)
{
    return atom("BELLJAR_" + std::to_string(slot));
}

XReply<xcb_generic_event_t> XSide::nextEvent()
{
    return XReply<xcb_generic_event_t>(xcb_poll_for_event(m_connection));
}

xcb_atom_t XSide::atom(const std::string& name, bool mayMake)
{
    if (const auto known = m_atoms.find(name); known != m_atoms.end()) return known->second;
    if (!isSane(name)) return XCB_ATOM_NONE;
    const bool makes = mayMake && m_made < kMostAtoms;
    if (makes) ++m_made;
    const XReply<xcb_intern_atom_reply_t> reply(xcb_intern_atom_reply(
        m_connection,
        xcb_intern_atom(m_connection, makes ? 0 : 1, static_cast<std::uint16_t>(name.size()), name.data()), nullptr));
    const xcb_atom_t made = reply ? reply->atom : static_cast<xcb_atom_t>(XCB_ATOM_NONE);
    if (made != XCB_ATOM_NONE && m_atoms.size() < kMostAtoms) m_atoms[name] = made;
    return made;
}

std::string XSide::name(xcb_atom_t atom)
{
    if (const auto known = m_names.find(atom); known != m_names.end()) return known->second;
    const XReply<xcb_get_atom_name_reply_t> reply(
        xcb_get_atom_name_reply(m_connection, xcb_get_atom_name(m_connection, atom), nullptr));
    if (!reply) return {};
    std::string name(xcb_get_atom_name_name(reply.get()),
                     static_cast<std::size_t>(xcb_get_atom_name_name_length(reply.get())));
    if (!isSane(name)) return {};
    if (m_names.size() < kMostAtoms) m_names[atom] = name;
    return name;
}

std::optional<std::size_t> XSide::selectionIndex(xcb_atom_t atom) const
{
    const auto found = std::find(m_selections.begin(), m_selections.end(), atom);
    if (found == m_selections.end()) return std::nullopt;
    return static_cast<std::size_t>(found - m_selections.begin());
}

void XSide::own(std::size_t selection, bool owned)
{
    xcb_set_selection_owner(m_connection, owned ? m_window : static_cast<xcb_window_t>(XCB_WINDOW_NONE),
                            m_selections[selection], XCB_CURRENT_TIME);
}

xcb_window_t XSide::owner(std::size_t selection) const
{
    const XReply<xcb_get_selection_owner_reply_t> reply(xcb_get_selection_owner_reply(
        m_connection, xcb_get_selection_owner(m_connection, m_selections[selection]), nullptr));
    return reply ? reply->owner : static_cast<xcb_window_t>(XCB_WINDOW_NONE);
}

void XSide::convert(std::size_t selection, xcb_atom_t target, xcb_atom_t property)
{
    xcb_convert_selection(m_connection, m_window, m_selections[selection], target, property, XCB_CURRENT_TIME);
}

std::optional<XSide::Property> XSide::read(xcb_atom_t property, std::uint32_t offset, std::uint32_t length)
{
    const XReply<xcb_get_property_reply_t> reply(xcb_get_property_reply(
        m_connection,
        xcb_get_property(m_connection, 0, m_window, property, XCB_GET_PROPERTY_TYPE_ANY, offset / 4, length / 4),
        nullptr));
    if (!reply || reply->type == XCB_ATOM_NONE) return std::nullopt;
    Property result;
    result.type = reply->type;
    result.format = reply->format;
    result.after = reply->bytes_after;
    const auto* bytes = static_cast<const std::uint8_t*>(xcb_get_property_value(reply.get()));
    result.bytes.assign(bytes, bytes + xcb_get_property_value_length(reply.get()));
    return result;
}

void XSide::remove(xcb_atom_t property)
{
    xcb_delete_property(m_connection, m_window, property);
}

void XSide::write(xcb_window_t window, xcb_atom_t property, xcb_atom_t type, std::uint8_t format, const void* bytes,
                  std::size_t length)
{
    const std::size_t items = length / (format / 8U);
    xcb_change_property(m_connection, XCB_PROP_MODE_REPLACE, window, property, type, format,
                        static_cast<std::uint32_t>(items), bytes);
}

void XSide::watchProperties(xcb_window_t window, bool watched)
{
    const std::uint32_t events = watched ? XCB_EVENT_MASK_PROPERTY_CHANGE : XCB_EVENT_MASK_NO_EVENT;
    xcb_change_window_attributes(m_connection, window, XCB_CW_EVENT_MASK, &events);
}

void XSide::answer(const xcb_selection_request_event_t& request, xcb_atom_t property)
{
    xcb_selection_notify_event_t notice{};
    notice.response_type = XCB_SELECTION_NOTIFY;
    notice.time = request.time;
    notice.requestor = request.requestor;
    notice.selection = request.selection;
    notice.target = request.target;
    notice.property = property;
    // An event is always 32 bytes on the wire.
    std::array<char, 32> bytes{};
    std::copy_n(reinterpret_cast<const char*>(&notice), sizeof notice, bytes.begin());  // NOLINT: plain bytes
    xcb_send_event(m_connection, 0, request.requestor, XCB_EVENT_MASK_NO_EVENT, bytes.data());
}

std::string XSide::textOf(xcb_window_t window, xcb_atom_t property) const
{
    constexpr std::uint32_t kMostWords = 64;
    const XReply<xcb_get_property_reply_t> reply(xcb_get_property_reply(
        m_connection, xcb_get_property(m_connection, 0, window, property, XCB_ATOM_STRING, 0, kMostWords), nullptr));
    if (!reply || reply->format != 8) return {};
    return {static_cast<const char*>(xcb_get_property_value(reply.get())),
            static_cast<std::size_t>(xcb_get_property_value_length(reply.get()))};
}

std::uint8_t XSide::opcode(std::string_view extension) const
{
    const XReply<xcb_query_extension_reply_t> reply(xcb_query_extension_reply(
        m_connection, xcb_query_extension(m_connection, static_cast<std::uint16_t>(extension.size()), extension.data()),
        nullptr));
    return reply && reply->present != 0 ? reply->major_opcode : std::uint8_t{0};
}

std::string XSide::className(xcb_window_t window) const
{
    const std::string whole = textOf(window, XCB_ATOM_WM_CLASS);
    return whole.substr(0, whole.find('\0'));
}

bool XSide::hasKeyboard(xcb_window_t window) const
{
    constexpr int kDeepest = 6;  // The nested server's window, and what it may put into it.
    const XReply<xcb_get_input_focus_reply_t> focus(
        xcb_get_input_focus_reply(m_connection, xcb_get_input_focus(m_connection), nullptr));
    if (!focus || focus->focus == XCB_INPUT_FOCUS_NONE || focus->focus == XCB_INPUT_FOCUS_POINTER_ROOT) return true;
    xcb_window_t inner = focus->focus;
    for (int around = 0; around < kDeepest && inner != XCB_WINDOW_NONE; ++around) {
        if (inner == window) return true;
        const XReply<xcb_query_tree_reply_t> tree(
            xcb_query_tree_reply(m_connection, xcb_query_tree(m_connection, inner), nullptr));
        if (!tree) return false;
        if (inner == tree->root) return focus->focus == tree->root;
        inner = tree->parent;
    }
    return false;
}

}  // namespace belljar::linux_platform
