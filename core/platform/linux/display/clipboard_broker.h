// The clipboard between the host's display and the sandbox's own, as the policy has it.
//
// The sandbox's selections are owned by the broker unless a program inside has something copied, so that each paste
// of something from outside is seen, also where it is refused. Nothing is fetched before somebody asks for it. What a
// program inside copies is offered to the host only where it may write. Clients of both servers are taken for hostile:
// what is made for them is bounded, and whoever stalls is given up.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/model/ui_policy.h"
#include "core/platform/linux/display/clipboard_reporter.h"
#include "core/platform/linux/display/clipboard_transfer.h"
#include "core/platform/linux/display/x_side.h"

namespace belljar::linux_platform {

class ClipboardBroker {
public:
    using Clock = ClipboardTransfer::Clock;
    /// Sides and reporter must outlive it. `window` is the sandbox's on the host: what is copied outside can be read
    /// while it has the keyboard.
    ClipboardBroker(XSide& host, XSide& nested, xcb_window_t window, ClipboardRights rights,
                    ClipboardReporter& reporter);

    /// Holds for all that is decided afterwards; what goes on and is refused now is cut.
    void setRights(ClipboardRights rights);
    void onHostEvent(const xcb_generic_event_t& event) { onEvent(m_host, event); }
    void onNestedEvent(const xcb_generic_event_t& event) { onEvent(m_nested, event); }
    /// Ends transfers that make no progress.
    void expire();
    /// When expire() has something to do; nullopt: nothing goes on.
    [[nodiscard]] std::optional<Clock::time_point> nextDeadline() const;

private:
    struct Running {
        bool isWrite = false;
        ClipboardTransfer transfer;
        std::string program;
    };

    [[nodiscard]] bool allows(bool isWrite) const { return isWrite ? m_rights.write : m_rights.read; }
    [[nodiscard]] XSide& sink(bool isWrite) { return isWrite ? m_host : m_nested; }
    [[nodiscard]] XSide& source(bool isWrite) { return isWrite ? m_nested : m_host; }
    void onEvent(XSide& side, const xcb_generic_event_t& event);
    void onOwner(XSide& side, std::size_t selection, xcb_window_t owner);
    void onCopyInside(std::size_t selection, xcb_window_t owner);
    void onRequest(XSide& side, const xcb_selection_request_event_t& request);
    void answerRequest(bool isWrite, std::size_t selection, const xcb_selection_request_event_t& request,
                       const std::string& type);
    [[nodiscard]] int startTransfer(bool isWrite, std::size_t selection, const xcb_selection_request_event_t& request,
                                    const std::string& type);
    [[nodiscard]] std::optional<std::size_t> freeSlot() const;
    void sweep();
    void withdraw(std::size_t selection);
    /// `program` is asked only where the report is made: a flood is not to cost a question to the server each time.
    void report(bool isWrite, std::size_t selection, const std::string& type, int error, std::uint64_t bytes,
                const std::function<std::string()>& program);

    XSide& m_host;
    XSide& m_nested;
    const xcb_window_t m_window;
    ClipboardRights m_rights;
    ClipboardReporter& m_reporter;
    std::vector<std::unique_ptr<Running>> m_running;
    std::array<bool, kSelections.size()> m_offered{};  ///< We own the host's selection for a program inside.
};

}  // namespace belljar::linux_platform
