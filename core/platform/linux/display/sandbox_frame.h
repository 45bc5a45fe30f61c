// The window on the user's display in which a sandbox's whole display is drawn, with a border and a line of text around
// it that the sandbox cannot reach: whatever is shown inside, it is seen to be inside.
#pragma once

#include <xcb/xcb.h>

#include <cstdint>
#include <memory>
#include <string>

namespace belljar::linux_platform {

class SandboxFrame {
public:
    /// On a connection of its own to the user's display, with room for `width` x `height` pixels inside. `title`
    /// becomes the window's and stands in the line, too. nullptr where there is no display or it has no colours.
    static std::unique_ptr<SandboxFrame> open(const std::string& title, std::uint16_t width, std::uint16_t height);
    ~SandboxFrame();
    SandboxFrame(const SandboxFrame&) = delete;
    SandboxFrame& operator=(const SandboxFrame&) = delete;

    [[nodiscard]] xcb_window_t window() const { return m_window; }
    /// The window for the nested server to draw into.
    [[nodiscard]] xcb_window_t inside() const { return m_inside; }
    [[nodiscard]] int descriptor() const { return xcb_get_file_descriptor(m_connection); }
    /// Draws, follows the window's size and hands the keyboard on, without waiting for anything new. False: the user
    /// has closed the window, or the display is gone.
    [[nodiscard]] bool takeEvents();

private:
    explicit SandboxFrame(xcb_connection_t* connection) : m_connection(connection) {}
    bool make(const std::string& title, std::uint16_t width, std::uint16_t height);
    void name(const std::string& title);
    [[nodiscard]] std::uint32_t colour(std::uint16_t red, std::uint16_t green, std::uint16_t blue) const;
    [[nodiscard]] xcb_atom_t atom(const char* text) const;
    /// The server's own window, which is the only one inside.
    [[nodiscard]] xcb_window_t drawn() const;
    void draw();
    void resize(std::uint16_t width, std::uint16_t height);

    xcb_connection_t* const m_connection;
    xcb_window_t m_window = 0;
    xcb_window_t m_inside = 0;
    xcb_gcontext_t m_text = 0;
    xcb_atom_t m_closes = 0;
    std::string m_line;
    std::uint16_t m_width = 0;
    std::uint16_t m_height = 0;
};

}  // namespace belljar::linux_platform
