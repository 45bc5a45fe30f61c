// One of the two X servers that the clipboard broker stands between: a connection, a window of ours that nobody sees,
// names of atoms, and the few requests that clipboards need. Waits for the server in some calls, never for a client.
#pragma once

#include <xcb/xcb.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace belljar::linux_platform {

struct FreeReply {
    void operator()(void* reply) const { std::free(reply); }
};
template <class T>
using XReply = std::unique_ptr<T, FreeReply>;

/// The selections that are bridged.
inline constexpr std::array<const char*, 2> kSelections{"CLIPBOARD", "PRIMARY"};

/// That go on at the same time.
inline constexpr std::size_t kMostTransfers = 16;

class XSide {
public:
    /// Takes the connection, which may be broken. nullptr where the server cannot do what a broker needs.
    static std::unique_ptr<XSide> open(xcb_connection_t* connection);
    ~XSide();
    XSide(const XSide&) = delete;
    XSide& operator=(const XSide&) = delete;

    [[nodiscard]] int descriptor() const { return xcb_get_file_descriptor(m_connection); }
    [[nodiscard]] bool isBroken() const { return xcb_connection_has_error(m_connection) != 0; }
    [[nodiscard]] xcb_window_t window() const { return m_window; }
    [[nodiscard]] std::uint8_t firstFixesEvent() const { return m_firstFixesEvent; }
    /// Does not wait; nullptr: there is none.
    [[nodiscard]] XReply<xcb_generic_event_t> nextEvent();
    void flush() { xcb_flush(m_connection); }

    /// XCB_ATOM_NONE: there is none (`mayMake` false), or we have made more than anybody needs.
    [[nodiscard]] xcb_atom_t atom(const std::string& name, bool mayMake = true);
    /// The property of our window for one of kMostTransfers transfers.
    [[nodiscard]] xcb_atom_t transferAtom(std::size_t slot);
    /// "" when it has none or an absurd one.
    [[nodiscard]] std::string name(xcb_atom_t atom);
    [[nodiscard]] xcb_atom_t selection(std::size_t index) const { return m_selections[index]; }
    [[nodiscard]] std::optional<std::size_t> selectionIndex(xcb_atom_t atom) const;

    void own(std::size_t selection, bool owned);
    [[nodiscard]] xcb_window_t owner(std::size_t selection) const;
    void convert(std::size_t selection, xcb_atom_t target, xcb_atom_t property);

    struct Property {
        xcb_atom_t type = XCB_ATOM_NONE;
        std::uint8_t format = 0;
        std::uint32_t after = 0;  ///< Bytes that follow.
        std::vector<std::uint8_t> bytes;
    };
    /// Of our window; `offset` and `length` are bytes and multiples of 4.
    [[nodiscard]] std::optional<Property> read(xcb_atom_t property, std::uint32_t offset, std::uint32_t length);
    void remove(xcb_atom_t property);

    /// On somebody else's window, which may be gone.
    void write(xcb_window_t window, xcb_atom_t property, xcb_atom_t type, std::uint8_t format, const void* bytes,
               std::size_t length);
    void watchProperties(xcb_window_t window, bool watched);
    /// Answers a request; XCB_ATOM_NONE: refused.
    void answer(const xcb_selection_request_event_t& request, xcb_atom_t property);
    /// Whether the window that has the keyboard is `window` or in it. True where no window is given the keyboard, as
    /// without a window manager.
    [[nodiscard]] bool hasKeyboard(xcb_window_t window) const;
    /// The first byte of an extension's requests; 0: the server does not have it.
    [[nodiscard]] std::uint8_t opcode(std::string_view extension) const;
    /// What the window says of itself (WM_CLASS); hostile, "" mostly.
    [[nodiscard]] std::string className(xcb_window_t window) const;

private:
    [[nodiscard]] std::string textOf(xcb_window_t window, xcb_atom_t property) const;
    explicit XSide(xcb_connection_t* connection) : m_connection(connection) {}
    bool prepare();

    xcb_connection_t* const m_connection;
    xcb_window_t m_window = 0;
    std::uint8_t m_firstFixesEvent = 0;
    std::array<xcb_atom_t, kSelections.size()> m_selections{};
    std::unordered_map<std::string, xcb_atom_t> m_atoms;
    std::unordered_map<xcb_atom_t, std::string> m_names;
    std::size_t m_made = 0;
};

}  // namespace belljar::linux_platform
