#include "core/platform/linux/display/clipboard_transfer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace belljar::linux_platform {
namespace {

/// Far below what a server takes in one request, and small against the buffer of a socket, so that writing waits for
/// nobody.
constexpr std::uint32_t kPiece = 64U << 10U;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30U;
constexpr std::uint32_t kMostTargets = 128;
constexpr std::chrono::seconds kPatience{10};

/// Questions to an owner rather than types of its content; a proxy must not pass them on.
bool isQuestion(const std::string& name)
{
    static constexpr const char* kQuestions[] = {"TARGETS", "MULTIPLE",        "TIMESTAMP",       "SAVE_TARGETS",
                                                 "DELETE",  "INSERT_PROPERTY", "INSERT_SELECTION"};
    return std::any_of(std::begin(kQuestions), std::end(kQuestions), [&](const char* word) { return name == word; });
}

/// Types whose values name objects of one server: they mean something else on the other.
bool namesObjects(const std::string& type)
{
    static constexpr const char* kTypes[] = {"ATOM",     "ATOM_PAIR", "WINDOW", "DRAWABLE", "PIXMAP",
                                             "COLORMAP", "CURSOR",    "FONT",   "BITMAP",   "INCR"};
    return std::any_of(std::begin(kTypes), std::end(kTypes), [&](const char* word) { return type == word; });
}

}  // namespace

ClipboardTransfer::ClipboardTransfer(XSide& source, XSide& sink, const xcb_selection_request_event_t& request,
                                     std::size_t selection, std::string type, std::size_t slot)
    : m_source(source),
      m_sink(sink),
      m_request(request),
      m_selection(selection),
      m_type(std::move(type)),
      m_slot(slot),
      m_ours(source.transferAtom(slot)),
      m_theirs(request.property != XCB_ATOM_NONE ? request.property : request.target),
      m_isTargets(m_type == "TARGETS")
{
    progress();
    // What an earlier transfer left here, or somebody has put here.
    m_source.remove(m_ours);
    m_source.convert(m_selection, m_source.atom(m_type), m_ours);
}

void ClipboardTransfer::progress()
{
    m_deadline = Clock::now() + kPatience;
}

void ClipboardTransfer::onOwnerAnswer(const xcb_selection_notify_event_t& answer)
{
    if (m_state != State::asked || answer.selection != m_source.selection(m_selection)) return;
    if (answer.property != m_ours) {
        if (answer.property == XCB_ATOM_NONE && m_source.name(answer.target) == m_type) end(ENODATA);
        return;
    }
    const std::optional<XSide::Property> first = m_source.read(m_ours, 0, kPiece);
    if (!first) end(ENODATA);
    else if (m_isTargets) answerTargets(*first);
    else begin(*first);
}

void ClipboardTransfer::answerTargets(const XSide::Property& list)
{
    const std::string type = m_source.name(list.type);
    m_source.remove(m_ours);
    if (list.format != 32 || (type != "ATOM" && type != "TARGETS")) {
        end(EPROTO);
        return;
    }
    std::vector<xcb_atom_t> offered{m_sink.atom("TARGETS"), m_sink.atom("TIMESTAMP")};
    const std::size_t count = std::min<std::size_t>(list.bytes.size() / sizeof(xcb_atom_t), kMostTargets);
    for (std::size_t i = 0; i < count; ++i) {
        xcb_atom_t atom = XCB_ATOM_NONE;
        std::memcpy(&atom, list.bytes.data() + i * sizeof atom, sizeof atom);
        const std::string name = m_source.name(atom);
        if (name.empty() || isQuestion(name) || namesObjects(name)) continue;
        if (const xcb_atom_t same = m_sink.atom(name); same != XCB_ATOM_NONE) offered.push_back(same);
    }
    m_sink.write(m_request.requestor, m_theirs, XCB_ATOM_ATOM, 32, offered.data(), offered.size() * sizeof(xcb_atom_t));
    m_sink.answer(m_request, m_theirs);
    m_state = State::over;
}

void ClipboardTransfer::begin(const XSide::Property& first)
{
    progress();
    if (m_source.name(first.type) == "INCR") {
        std::uint32_t size = 0;
        if (first.bytes.size() >= sizeof size) std::memcpy(&size, first.bytes.data(), sizeof size);
        m_inPieces = true;
        m_state = State::waiting;
        announce(size);
        m_source.remove(m_ours);  // the owner's sign to begin
        return;
    }
    if (!isAcceptable(first)) {
        end(EPROTO);
        return;
    }
    if (first.after > 0) {
        m_state = State::moving;
        announce(static_cast<std::uint32_t>(first.bytes.size()) + first.after);
        return;
    }
    m_source.remove(m_ours);
    if (!put(first)) {
        end(EPROTO);
        return;
    }
    m_sink.answer(m_request, m_theirs);
    m_state = State::over;
}

void ClipboardTransfer::announce(std::uint32_t size)
{
    m_announced = true;
    m_sink.watchProperties(m_request.requestor, true);
    m_sink.write(m_request.requestor, m_theirs, m_sink.atom("INCR"), 32, &size, sizeof size);
    m_sink.answer(m_request, m_theirs);
}

void ClipboardTransfer::onSourceProperty(const xcb_property_notify_event_t& change)
{
    if (change.atom != m_ours || change.state != XCB_PROPERTY_NEW_VALUE || m_state != State::waiting) return;
    progress();
    m_offset = 0;
    m_state = State::moving;
    movePiece();
}

void ClipboardTransfer::onSinkProperty(const xcb_property_notify_event_t& change)
{
    if (!m_announced || change.window != m_request.requestor || change.atom != m_theirs ||
        change.state != XCB_PROPERTY_DELETE)
        return;
    progress();
    m_sinkReady = true;
    if (m_state == State::moving) movePiece();
    else if (m_state == State::ending) end(0);
}

void ClipboardTransfer::movePiece()
{
    if (!m_sinkReady) return;
    const std::optional<XSide::Property> piece = m_source.read(m_ours, m_offset, kPiece);
    if (!piece) {
        end(EPROTO);
        return;
    }
    const bool isLast = piece->after == 0;
    if (isLast) m_source.remove(m_ours);
    if (m_inPieces && m_offset == 0 && piece->bytes.empty()) {
        end(0);
        return;
    }
    if (!isAcceptable(*piece) || !put(*piece)) {
        end(m_bytes > kMostBytes ? EMSGSIZE : EPROTO);
        return;
    }
    m_sinkReady = false;
    m_offset += static_cast<std::uint32_t>(piece->bytes.size());
    if (isLast) m_state = m_inPieces ? State::waiting : State::ending;
}

bool ClipboardTransfer::isAcceptable(const XSide::Property& piece)
{
    if (piece.format != 8 && piece.format != 16 && piece.format != 32) return false;
    // Pieces but the last are whole; a property that shrank meanwhile is not what it was.
    if (piece.after > 0 && piece.bytes.size() != kPiece) return false;
    m_bytes += piece.bytes.size();
    return m_bytes <= kMostBytes;
}

bool ClipboardTransfer::put(const XSide::Property& piece)
{
    const std::string type = m_source.name(piece.type);
    if (type.empty() || namesObjects(type)) return false;
    const xcb_atom_t same = m_sink.atom(type);
    if (same == XCB_ATOM_NONE) return false;
    m_sink.write(m_request.requestor, m_theirs, same, piece.format, piece.bytes.data(), piece.bytes.size());
    return true;
}

void ClipboardTransfer::end(int error)
{
    if (m_state == State::over) return;
    m_state = State::over;
    m_error = error;
    if (error != 0) m_source.remove(m_ours);
    if (!m_announced) m_sink.answer(m_request, XCB_ATOM_NONE);
    else m_sink.write(m_request.requestor, m_theirs, m_sink.atom("STRING"), 8, nullptr, 0);  // the end of an INCR
}

}  // namespace belljar::linux_platform
