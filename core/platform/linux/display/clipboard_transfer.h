// The content of a selection on its way from its owner on one X server to who asked for it on the other.
//
// What is large goes in pieces (INCR), and the next piece is fetched when the last one has been taken: never more than
// one is held, whatever either side does. Both sides may lie, stall or vanish; then the transfer ends with an errno.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/platform/linux/display/x_side.h"

namespace belljar::linux_platform {

class ClipboardTransfer {
public:
    using Clock = std::chrono::steady_clock;

    /// `request` came from `sink`. `slot` tells apart the transfers that go on at the same time. Asks the owner.
    ClipboardTransfer(XSide& source, XSide& sink, const xcb_selection_request_event_t& request, std::size_t selection,
                      std::string type, std::size_t slot);

    void onOwnerAnswer(const xcb_selection_notify_event_t& answer);
    void onSourceProperty(const xcb_property_notify_event_t& change);
    void onSinkProperty(const xcb_property_notify_event_t& change);
    /// Ends it; who asked is told, or gets an end of what came so far.
    void end(int error);

    [[nodiscard]] bool isOver() const { return m_state == State::over; }
    [[nodiscard]] int error() const { return m_error; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    [[nodiscard]] const std::string& type() const { return m_type; }
    [[nodiscard]] std::size_t selection() const { return m_selection; }
    [[nodiscard]] std::size_t slot() const { return m_slot; }
    [[nodiscard]] xcb_window_t requestor() const { return m_request.requestor; }
    /// Without progress until then it is to be ended.
    [[nodiscard]] Clock::time_point deadline() const { return m_deadline; }

private:
    enum class State {
        asked,    ///< The owner has not answered.
        waiting,  ///< For the owner's next piece (INCR).
        moving,   ///< Something of the owner stands on our window.
        ending,   ///< Everything was fetched, and the last piece has not been taken.
        over,
    };

    void progress();
    void answerTargets(const XSide::Property& list);
    void begin(const XSide::Property& first);
    void announce(std::uint32_t size);
    void movePiece();
    [[nodiscard]] bool put(const XSide::Property& piece);
    [[nodiscard]] bool isAcceptable(const XSide::Property& piece);

    XSide& m_source;
    XSide& m_sink;
    const xcb_selection_request_event_t m_request;
    const std::size_t m_selection;
    const std::string m_type;
    const std::size_t m_slot;
    const xcb_atom_t m_ours;    ///< Property of our window at the source.
    const xcb_atom_t m_theirs;  ///< Property of the window that asked.
    const bool m_isTargets;
    State m_state = State::asked;
    bool m_inPieces = false;  ///< The owner sends pieces.
    bool m_announced = false;
    bool m_sinkReady = false;
    std::uint32_t m_offset = 0;  ///< In what stands on our window.
    std::uint64_t m_bytes = 0;
    int m_error = 0;
    Clock::time_point m_deadline;
};

}  // namespace belljar::linux_platform
