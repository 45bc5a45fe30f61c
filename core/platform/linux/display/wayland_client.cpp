#include "core/platform/linux/display/wayland_client.h"

#include <algorithm>
#include <cerrno>
#include <fstream>

namespace belljar::linux_platform {
namespace {

constexpr std::uint32_t kDisplay = 1;
/// The compositor makes ids from here on, the program below.
constexpr std::uint32_t kFirstOfCompositor = 0xff000000U;
constexpr std::size_t kMostObjects = 65536;
constexpr std::size_t kMostContents = 16;
constexpr std::size_t kLongestTitle = 512;

const WaylandInterface* interfaceNamed(std::string_view name)
{
    static const auto kTable = [] {
        std::unordered_map<std::string_view, const WaylandInterface*> table;
        for (const WaylandInterface& interface : waylandInterfaces()) table[interface.name] = &interface;
        return table;
    }();
    const auto found = kTable.find(name);
    return found == kTable.end() ? nullptr : found->second;
}

std::uint32_t opcodeOf(std::span<const WaylandMessage> messages, std::string_view name)
{
    const auto found = std::find_if(messages.begin(), messages.end(),
                                    [&](const WaylandMessage& message) { return message.name == name; });
    return static_cast<std::uint32_t>(found - messages.begin());
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

bool makesInput(std::string_view interface)
{
    return contains(interface, "virtual_") || contains(interface, "input_method") || contains(interface, "fake_input");
}

bool isSelectionDevice(std::string_view interface)
{
    return interface == "wl_data_device" || interface == "zwp_primary_selection_device_v1";
}

bool isSelectionOffer(std::string_view interface)
{
    return interface == "wl_data_offer" || interface == "zwp_primary_selection_offer_v1";
}

bool isSelectionSource(std::string_view interface)
{
    return interface == "wl_data_source" || interface == "zwp_primary_selection_source_v1";
}

/// What the kernel calls the process; "" when it is gone.
std::string processName(pid_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(file, name);
    return name;
}

}  // namespace

std::string WaylandClient::programName() const
{
    return m_program.sender() != 0 ? processName(m_program.sender()) : m_claimedName;
}

WaylandClient::WaylandClient(UniqueFd program, UniqueFd compositor, WaylandShared& shared)
    : m_program(std::move(program)), m_compositor(std::move(compositor)), m_shared(shared)
{
    m_program.askForSender();
    m_objects[kDisplay] = {interfaceNamed("wl_display"), false};
}

bool WaylandClient::onProgram()
{
    if (!m_program.receive()) {
        // What it has said before it went counts.
        static_cast<void>(m_compositor.flush());
        return false;
    }
    while (std::optional<WaylandPacket> packet = m_program.next())
        if (!passRequest(std::move(*packet))) return false;
    return true;
}

bool WaylandClient::onCompositor()
{
    const bool open = m_compositor.receive();
    while (std::optional<WaylandPacket> packet = m_compositor.next())
        if (!passEvent(std::move(*packet))) return false;
    // Its last words say what was wrong.
    if (!open) static_cast<void>(m_program.flush());
    return open;
}

bool WaylandClient::passRequest(WaylandPacket packet)
{
    const std::uint32_t id = packet.object();
    const auto found = m_objects.find(id);
    if (found == m_objects.end() || found->second.ended) return false;
    const WaylandInterface& interface = *found->second.interface;
    if (packet.opcode() >= interface.requests.size()) return false;
    const WaylandMessage& message = interface.requests[packet.opcode()];
    const WaylandReader reader(packet, message);
    if (!reader.isSound() || !m_program.takeFiles(reader.files(), packet.files)) return false;
    if (interface.name == "wl_registry") {
        if (!bind(reader)) return false;
    } else if (!knows(reader, true)) {
        return false;
    }
    const bool isWindow = message.name == "get_toplevel";
    const std::uint32_t window = isWindow ? reader.number(0) : 0;
    if (message.ends) {
        // The compositor says when one of the program's ids can be used again; of its own ids it says nothing.
        if (id >= kFirstOfCompositor) m_objects.erase(id);
        else m_objects[id].ended = true;
    }
    if (interceptRequest(interface, message, reader, packet)) return true;
    m_compositor.queue(std::move(packet));
    if (isWindow) mark(window, {});
    return true;
}

bool WaylandClient::isRightId(std::uint32_t id, bool fromProgram) const
{
    if (!fromProgram) return id >= kFirstOfCompositor;
    return id > kDisplay && id < kFirstOfCompositor && m_objects.size() < kMostObjects && !m_objects.contains(id);
}

bool WaylandClient::knows(const WaylandReader& reader, bool fromProgram)
{
    for (const WaylandReader::Reference& reference : reader.references()) {
        if (reference.isNew || !fromProgram) continue;
        const auto object = m_objects.find(reference.id);
        if (object == m_objects.end()) return false;
        if (!reference.interface.empty() && object->second.interface->name != reference.interface) return false;
    }
    for (const WaylandReader::Reference& reference : reader.references()) {
        if (!reference.isNew) continue;
        const WaylandInterface* interface = interfaceNamed(reference.interface);
        if (interface == nullptr || !isRightId(reference.id, fromProgram)) return false;
        m_objects[reference.id] = {interface, false};
    }
    return true;
}

bool WaylandClient::bind(const WaylandReader& reader)
{
    const std::string_view name = reader.text(1);
    const auto global = m_globals.find(reader.number(0));
    if (global == m_globals.end()) return false;
    if (global->second.hidden) {
        // Nobody has told the program of it.
        const auto program = [this] { return programName(); };
        if (makesInput(global->second.interface))
            m_shared.reporter.tellInjection({global->second.interface, EACCES, m_program.sender()}, program);
        else if (contains(global->second.interface, "data_control"))
            m_shared.reporter.tell({false, "CLIPBOARD", global->second.interface, EACCES, 0, m_program.sender()},
                                   program);
        return false;
    }
    const std::uint32_t version = reader.number(2);
    const std::uint32_t id = reader.number(3);
    if (name != global->second.interface || version == 0 || version > global->second.version || !isRightId(id, true))
        return false;
    m_objects[id] = {interfaceNamed(name), false};
    return true;
}

bool WaylandClient::interceptRequest(const WaylandInterface& interface, const WaylandMessage& message,
                                     const WaylandReader& reader, WaylandPacket& packet)
{
    if (isSelectionDevice(interface.name) && message.name == "set_selection")
        return offerSelection(interface, reader.number(0) == 0);
    if (isSelectionDevice(interface.name) && message.name == "start_drag")
        return reader.number(0) != 0 && offerSelection(interface, false);
    if (isSelectionOffer(interface.name) && message.name == "receive")
        return bridge(interface, false, std::string(reader.text(0)), packet);
    if (interface.name == "xdg_toplevel" && message.name == "set_app_id") m_claimedName = reader.text(0);
    if (interface.name == "xdg_toplevel" && message.name == "set_title") {
        mark(packet.object(), reader.text(0));
        return true;
    }
    return false;
}

bool WaylandClient::offerSelection(const WaylandInterface& interface, bool clears)
{
    const bool allowed = m_shared.rights.write;
    if (!clears) tell(interface, true, {}, allowed ? 0 : EACCES);
    return !allowed;
}

void WaylandClient::mark(std::uint32_t object, std::string_view title)
{
    static const std::uint32_t kSetTitle = opcodeOf(interfaceNamed("xdg_toplevel")->requests, "set_title");
    m_compositor.queue(
        WaylandWriter(object, kSetTitle).text(m_shared.mark + std::string(title.substr(0, kLongestTitle))).done());
}

bool WaylandClient::bridge(const WaylandInterface& interface, bool isWrite, const std::string& type,
                           WaylandPacket& packet)
{
    if (isWrite ? !m_shared.rights.write : !m_shared.rights.read) {
        tell(interface, isWrite, type, EACCES);
        return true;
    }
    auto pump =
        m_shared.contents.size() < kMostContents ? ContentPump::begin(std::move(packet.files[0])) : std::nullopt;
    if (!pump) {
        tell(interface, isWrite, type, m_shared.contents.size() < kMostContents ? EPROTO : EAGAIN);
        return true;
    }
    packet.files[0] = std::move(pump->second);
    m_shared.contents.push_back({std::move(pump->first), transfer(interface, isWrite, type, 0), programName()});
    return false;
}

ClipboardReporter::Transfer WaylandClient::transfer(const WaylandInterface& interface, bool isWrite,
                                                    const std::string& type, int error) const
{
    return {isWrite,           interface.name.starts_with("zwp_primary") ? "PRIMARY" : "CLIPBOARD", type, error, 0,
            m_program.sender()};
}

void WaylandClient::tell(const WaylandInterface& interface, bool isWrite, const std::string& type, int error)
{
    m_shared.reporter.tell(transfer(interface, isWrite, type, error), [this] { return programName(); });
}

bool WaylandClient::passEvent(WaylandPacket packet)
{
    const auto found = m_objects.find(packet.object());
    // Of an object that the program has ended meanwhile.
    if (found == m_objects.end()) return packet.object() >= kFirstOfCompositor;
    const WaylandInterface& interface = *found->second.interface;
    if (packet.opcode() >= interface.events.size()) return false;
    const WaylandMessage& message = interface.events[packet.opcode()];
    const WaylandReader reader(packet, message);
    if (!reader.isSound() || !m_compositor.takeFiles(reader.files(), packet.files) || !knows(reader, false))
        return false;
    if (interceptEvent(interface, message, reader, packet)) return true;
    m_program.queue(std::move(packet));
    return true;
}

bool WaylandClient::interceptEvent(const WaylandInterface& interface, const WaylandMessage& message,
                                   const WaylandReader& reader, WaylandPacket& packet)
{
    if (interface.name == "wl_display" && message.name == "delete_id") m_objects.erase(reader.number(0));
    if (interface.name == "wl_registry" && message.name == "global") {
        announce(reader, packet);
        return true;
    }
    if (interface.name == "wl_registry" && message.name == "global_remove") {
        const auto global = m_globals.find(reader.number(0));
        const bool hidden = global == m_globals.end() || global->second.hidden;
        return hidden;
    }
    if (isSelectionSource(interface.name) && message.name == "send")
        return bridge(interface, true, std::string(reader.text(0)), packet);
    return false;
}

void WaylandClient::announce(const WaylandReader& reader, const WaylandPacket& packet)
{
    const std::string name(reader.text(1));
    const WaylandInterface* known = interfaceNamed(name);
    // Only what is bound as such: the rest is made by requests.
    const std::uint32_t version = known != nullptr ? std::min(reader.number(2), known->version) : 0;
    m_globals[reader.number(0)] = {name, version, known == nullptr};
    if (known == nullptr) return;
    m_program.queue(
        WaylandWriter(packet.object(), packet.opcode()).number(reader.number(0)).text(name).number(version).done());
}

}  // namespace belljar::linux_platform
