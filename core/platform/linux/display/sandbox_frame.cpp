#include "core/platform/linux/display/sandbox_frame.h"

#include <algorithm>
#include <array>

#include "core/platform/linux/display/x_side.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint16_t kBorder = 4;  // pixels
constexpr std::uint16_t kStrip = 22;  // pixels, with the line of text
constexpr std::int16_t kBaseline = 15;
constexpr std::uint16_t kLeast = 64;    // pixels inside
constexpr std::size_t kMostText = 200;  // X takes 255

/// The server's own letters have no others; the window's title has them all.
std::string asciiOnly(const std::string& text)
{
    std::string line = text.substr(0, kMostText);
    std::replace_if(
        line.begin(), line.end(), [](char letter) { return letter < ' ' || letter > '~'; }, '?');
    return line;
}

}  // namespace

std::unique_ptr<SandboxFrame> SandboxFrame::open(const std::string& title, std::uint16_t width, std::uint16_t height)
{
    std::unique_ptr<SandboxFrame> frame(new SandboxFrame(xcb_connect(nullptr, nullptr)));
    if (!frame->make(title, width, height)) return nullptr;
    return frame;
}

SandboxFrame::~SandboxFrame()
{
    xcb_disconnect(m_connection);
}

bool SandboxFrame::make(const std::string& title, std::uint16_t width, std::uint16_t height)
{
    if (xcb_connection_has_error(m_connection) != 0) return false;
    const xcb_screen_t* const screen = xcb_setup_roots_iterator(xcb_get_setup(m_connection)).data;
    if (screen == nullptr) return false;
    m_width = static_cast<std::uint16_t>(width + 2 * kBorder);
    m_height = static_cast<std::uint16_t>(height + kStrip + kBorder);
    const std::uint32_t amber = colour(0xe0, 0x8a, 0x00);
    const std::uint32_t black = colour(0x14, 0x14, 0x14);
    m_window = xcb_generate_id(m_connection);
    const std::array<std::uint32_t, 2> looks{
        amber, XCB_EVENT_MASK_EXPOSURE | XCB_EVENT_MASK_STRUCTURE_NOTIFY | XCB_EVENT_MASK_FOCUS_CHANGE};
    xcb_create_window(m_connection, XCB_COPY_FROM_PARENT, m_window, screen->root, 0, 0, m_width, m_height, 0,
                      XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT, XCB_CW_BACK_PIXEL | XCB_CW_EVENT_MASK,
                      looks.data());
    m_inside = xcb_generate_id(m_connection);
    xcb_create_window(m_connection, XCB_COPY_FROM_PARENT, m_inside, m_window, kBorder, kStrip, width, height, 0,
                      XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT, XCB_CW_BACK_PIXEL, &black);
    const xcb_font_t font = xcb_generate_id(m_connection);
    xcb_open_font(m_connection, font, 5, "fixed");
    m_text = xcb_generate_id(m_connection);
    const std::array<std::uint32_t, 3> pen{black, amber, font};
    xcb_create_gc(m_connection, m_text, m_window, XCB_GC_FOREGROUND | XCB_GC_BACKGROUND | XCB_GC_FONT, pen.data());
    name(title);
    xcb_map_window(m_connection, m_inside);
    xcb_map_window(m_connection, m_window);
    xcb_flush(m_connection);
    return xcb_connection_has_error(m_connection) == 0;
}

void SandboxFrame::name(const std::string& title)
{
    m_line = asciiOnly(title);
    const auto set = [&](xcb_atom_t property, xcb_atom_t type, const std::string& text) {
        xcb_change_property(m_connection, XCB_PROP_MODE_REPLACE, m_window, property, type, 8,
                            static_cast<std::uint32_t>(text.size()), text.data());
    };
    using namespace std::string_literals;
    set(XCB_ATOM_WM_NAME, XCB_ATOM_STRING, m_line);
    set(atom("_NET_WM_NAME"), atom("UTF8_STRING"), title);
    set(XCB_ATOM_WM_CLASS, XCB_ATOM_STRING, "belljar-sandbox\0Belljar\0"s);
    m_closes = atom("WM_DELETE_WINDOW");
    xcb_change_property(m_connection, XCB_PROP_MODE_REPLACE, m_window, atom("WM_PROTOCOLS"), XCB_ATOM_ATOM, 32, 1,
                        &m_closes);
}

std::uint32_t SandboxFrame::colour(std::uint16_t red, std::uint16_t green, std::uint16_t blue) const
{
    const xcb_screen_t* const screen = xcb_setup_roots_iterator(xcb_get_setup(m_connection)).data;
    constexpr unsigned kWide = 257;  // from 8 bits to 16
    const XReply<xcb_alloc_color_reply_t> made(xcb_alloc_color_reply(
        m_connection,
        xcb_alloc_color(m_connection, screen->default_colormap, static_cast<std::uint16_t>(red * kWide),
                        static_cast<std::uint16_t>(green * kWide), static_cast<std::uint16_t>(blue * kWide)),
        nullptr));
    return made ? made->pixel : screen->white_pixel;
}

xcb_atom_t SandboxFrame::atom(const char* text) const
{
    const XReply<xcb_intern_atom_reply_t> made(xcb_intern_atom_reply(
        m_connection,
        xcb_intern_atom(m_connection, 0, static_cast<std::uint16_t>(std::char_traits<char>::length(text)), text),
        nullptr));
    return made ? made->atom : static_cast<xcb_atom_t>(XCB_ATOM_NONE);
}

xcb_window_t SandboxFrame::drawn() const
{
    const XReply<xcb_query_tree_reply_t> tree(
        xcb_query_tree_reply(m_connection, xcb_query_tree(m_connection, m_inside), nullptr));
    if (!tree || xcb_query_tree_children_length(tree.get()) < 1) return m_inside;
    return *xcb_query_tree_children(tree.get());
}

void SandboxFrame::draw()
{
    xcb_image_text_8(m_connection, static_cast<std::uint8_t>(m_line.size()), m_window, m_text, kBorder + 4, kBaseline,
                     m_line.data());
}

void SandboxFrame::resize(std::uint16_t width, std::uint16_t height)
{
    if (width == m_width && height == m_height) return;
    m_width = width;
    m_height = height;
    const auto room = [](std::uint16_t whole, int around) {
        return static_cast<std::uint32_t>(std::max<int>(kLeast, whole - around));
    };
    const std::array<std::uint32_t, 2> size{room(width, 2 * kBorder), room(height, kStrip + kBorder)};
    for (const xcb_window_t window : {m_inside, drawn()})
        xcb_configure_window(m_connection, window, XCB_CONFIG_WINDOW_WIDTH | XCB_CONFIG_WINDOW_HEIGHT, size.data());
}

bool SandboxFrame::takeEvents()
{
    while (const XReply<xcb_generic_event_t> event{xcb_poll_for_event(m_connection)}) {
        constexpr std::uint8_t kSentByClient = 0x80;
        switch (event->response_type & ~kSentByClient) {
            case XCB_EXPOSE: draw(); break;
            case XCB_CONFIGURE_NOTIFY: {
                const auto& change = reinterpret_cast<const xcb_configure_notify_event_t&>(*event);  // NOLINT
                if (change.window == m_window) resize(change.width, change.height);
                break;
            }
            case XCB_FOCUS_IN: {
                const auto& focus = reinterpret_cast<const xcb_focus_in_event_t&>(*event);  // NOLINT
                const bool isOurs =
                    focus.detail == XCB_NOTIFY_DETAIL_ANCESTOR || focus.detail == XCB_NOTIFY_DETAIL_NONLINEAR;
                if (isOurs) xcb_set_input_focus(m_connection, XCB_INPUT_FOCUS_PARENT, drawn(), XCB_CURRENT_TIME);
                break;
            }
            case XCB_DESTROY_NOTIFY: {
                const auto& end = reinterpret_cast<const xcb_destroy_notify_event_t&>(*event);  // NOLINT
                if (end.window == m_window) return false;
                break;
            }
            case XCB_CLIENT_MESSAGE: {
                const auto& message = reinterpret_cast<const xcb_client_message_event_t&>(*event);  // NOLINT
                if (message.data.data32[0] == m_closes) return false;
                break;
            }
            default: break;
        }
    }
    xcb_flush(m_connection);
    return xcb_connection_has_error(m_connection) == 0;
}

}  // namespace belljar::linux_platform
