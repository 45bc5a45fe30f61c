#include "core/platform/linux/display/clipboard_broker.h"

#include <xcb/xfixes.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace belljar::linux_platform {
namespace {

constexpr std::uint8_t kSentByClient = 0x80;

}  // namespace

ClipboardBroker::ClipboardBroker(XSide& host, XSide& nested, xcb_window_t window, ClipboardRights rights,
                                 ClipboardReporter& reporter)
    : m_host(host), m_nested(nested), m_window(window), m_rights(rights), m_reporter(reporter)
{
    for (std::size_t i = 0; i < kSelections.size(); ++i) m_nested.own(i, true);
}

void ClipboardBroker::setRights(ClipboardRights rights)
{
    const ClipboardRights before = std::exchange(m_rights, rights);
    for (const auto& running : m_running)
        if (!allows(running->isWrite)) running->transfer.end(EACCES);
    sweep();
    for (std::size_t i = 0; i < kSelections.size(); ++i) {
        if (!rights.write && m_offered[i]) withdraw(i);
        if (before.read || !rights.read) continue;
        // What the host has is what a paste inside means from now on.
        const xcb_window_t owner = m_host.owner(i);
        if (owner != XCB_WINDOW_NONE && owner != m_host.window()) m_nested.own(i, true);
    }
}

void ClipboardBroker::onEvent(XSide& side, const xcb_generic_event_t& event)
{
    const bool isSource[2] = {&side == &source(false), &side == &source(true)};
    const auto kind = static_cast<std::uint8_t>(event.response_type & ~kSentByClient);
    const bool forged = (event.response_type & kSentByClient) != 0;
    if (kind == XCB_SELECTION_NOTIFY) {
        // Owners send it themselves. What it leads to is read only while a transfer waits for it.
        const auto& answer = reinterpret_cast<const xcb_selection_notify_event_t&>(event);  // NOLINT: how xcb has it
        for (const auto& running : m_running)
            if (isSource[running->isWrite ? 1 : 0]) running->transfer.onOwnerAnswer(answer);
    } else if (forged) {
        return;
    } else if (kind == XCB_SELECTION_REQUEST) {
        onRequest(side, reinterpret_cast<const xcb_selection_request_event_t&>(event));  // NOLINT
    } else if (kind == XCB_PROPERTY_NOTIFY) {
        const auto& change = reinterpret_cast<const xcb_property_notify_event_t&>(event);  // NOLINT
        for (const auto& running : m_running) {
            if (!isSource[running->isWrite ? 1 : 0]) running->transfer.onSinkProperty(change);
            else if (change.window == side.window()) running->transfer.onSourceProperty(change);
        }
    } else if (kind == side.firstFixesEvent() + XCB_XFIXES_SELECTION_NOTIFY) {
        const auto& news = reinterpret_cast<const xcb_xfixes_selection_notify_event_t&>(event);  // NOLINT
        if (const auto selection = side.selectionIndex(news.selection)) onOwner(side, *selection, news.owner);
    }
    sweep();
}

void ClipboardBroker::onOwner(XSide& side, std::size_t selection, xcb_window_t owner)
{
    if (owner == side.window()) return;
    if (&side == &m_host) {
        m_offered[selection] = false;
        if (owner != XCB_WINDOW_NONE && m_rights.read) m_nested.own(selection, true);
    } else if (owner == XCB_WINDOW_NONE) {
        if (m_offered[selection]) withdraw(selection);
        m_nested.own(selection, true);
    } else {
        onCopyInside(selection, owner);
    }
}

void ClipboardBroker::onCopyInside(std::size_t selection, xcb_window_t owner)
{
    report(true, selection, {}, m_rights.write ? 0 : EACCES, 0, [&] { return m_nested.className(owner); });
    if (!m_rights.write) return;
    // Taken again each time, so that the host's programs notice that there is something new.
    m_host.own(selection, true);
    m_offered[selection] = true;
}

void ClipboardBroker::withdraw(std::size_t selection)
{
    m_offered[selection] = false;
    if (m_host.owner(selection) == m_host.window()) m_host.own(selection, false);
}

void ClipboardBroker::onRequest(XSide& side, const xcb_selection_request_event_t& request)
{
    const std::optional<std::size_t> selection = side.selectionIndex(request.selection);
    // Somebody may name our own window as the one that asks.
    if (!selection || request.owner != side.window() || request.requestor == side.window()) {
        side.answer(request, XCB_ATOM_NONE);
        return;
    }
    answerRequest(&side == &m_host, *selection, request, side.name(request.target));
}

void ClipboardBroker::answerRequest(bool isWrite, std::size_t selection, const xcb_selection_request_event_t& request,
                                    const std::string& type)
{
    XSide& asker = sink(isWrite);
    const auto program = [&] { return m_nested.className(isWrite ? m_nested.owner(selection) : request.requestor); };
    if (!allows(isWrite)) {
        asker.answer(request, XCB_ATOM_NONE);
        report(isWrite, selection, type, EACCES, 0, program);
        return;
    }
    if (!isWrite && !m_host.hasKeyboard(m_window)) {
        // Nobody who works elsewhere has asked for it.
        asker.answer(request, XCB_ATOM_NONE);
        report(isWrite, selection, type, EAGAIN, 0, program);
        return;
    }
    if (type == "TIMESTAMP" && request.property != XCB_ATOM_NONE) {
        const std::uint32_t now = request.time;
        asker.write(request.requestor, request.property, XCB_ATOM_INTEGER, 32, &now, sizeof now);
        asker.answer(request, request.property);
        return;
    }
    if (const int error = startTransfer(isWrite, selection, request, type); error != 0) {
        asker.answer(request, XCB_ATOM_NONE);
        report(isWrite, selection, type, error, 0, program);
        return;
    }
    m_running.back()->program = program();
}

int ClipboardBroker::startTransfer(bool isWrite, std::size_t selection, const xcb_selection_request_event_t& request,
                                   const std::string& type)
{
    static constexpr const char* kNotPassedOn[] = {"", "MULTIPLE", "SAVE_TARGETS", "DELETE", "TIMESTAMP"};
    if (std::any_of(std::begin(kNotPassedOn), std::end(kNotPassedOn), [&](const char* word) { return type == word; }))
        return EOPNOTSUPP;
    XSide& from = source(isWrite);
    // A type that the host has no name for cannot be on its clipboard; it needs no new name for it.
    if (from.atom(type, isWrite) == XCB_ATOM_NONE) return ENODATA;
    const xcb_window_t owner = from.owner(selection);
    if (owner == XCB_WINDOW_NONE || owner == from.window()) return ENODATA;
    const std::optional<std::size_t> slot = freeSlot();
    if (!slot) return EAGAIN;
    m_running.push_back(std::make_unique<Running>(
        Running{isWrite, ClipboardTransfer(from, sink(isWrite), request, selection, type, *slot), {}}));
    return 0;
}

std::optional<std::size_t> ClipboardBroker::freeSlot() const
{
    for (std::size_t slot = 0; slot < kMostTransfers; ++slot) {
        const bool taken = std::any_of(m_running.begin(), m_running.end(),
                                       [&](const auto& running) { return running->transfer.slot() == slot; });
        if (!taken) return slot;
    }
    return std::nullopt;
}

void ClipboardBroker::sweep()
{
    for (auto at = m_running.begin(); at != m_running.end();) {
        const std::unique_ptr<Running>& running = *at;
        if (!running->transfer.isOver()) {
            ++at;
            continue;
        }
        const std::unique_ptr<Running> ended = std::move(*at);
        at = m_running.erase(at);
        const ClipboardTransfer& transfer = ended->transfer;
        const bool stillWatched = std::any_of(m_running.begin(), m_running.end(), [&](const auto& other) {
            return other->isWrite == ended->isWrite && other->transfer.requestor() == transfer.requestor();
        });
        if (!stillWatched) sink(ended->isWrite).watchProperties(transfer.requestor(), false);
        // Which types there are is no content, and is asked for all the time.
        if (transfer.type() == "TARGETS" && transfer.error() != EACCES) continue;
        report(ended->isWrite, transfer.selection(), transfer.type(), transfer.error(), transfer.bytes(),
               [&] { return ended->program; });
    }
}

void ClipboardBroker::expire()
{
    const Clock::time_point now = Clock::now();
    for (const auto& running : m_running)
        if (running->transfer.deadline() <= now) running->transfer.end(ETIMEDOUT);
    sweep();
}

std::optional<ClipboardBroker::Clock::time_point> ClipboardBroker::nextDeadline() const
{
    std::optional<Clock::time_point> next;
    for (const auto& running : m_running)
        if (!next || running->transfer.deadline() < *next) next = running->transfer.deadline();
    return next;
}

void ClipboardBroker::report(bool isWrite, std::size_t selection, const std::string& type, int error,
                             std::uint64_t bytes, const std::function<std::string()>& program)
{
    m_reporter.tell({isWrite, kSelections[selection], type, error, bytes, 0}, program);
}

}  // namespace belljar::linux_platform
