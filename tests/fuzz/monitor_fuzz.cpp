// Random packets against the parsers of belljar-monitord's protocol: monitor_fuzz [--seconds N] [--seed N].
//
// Beside "does not crash" it holds: what is taken is written again as the same bytes, so nothing is ignored; a refusal
// is one that exists; a text of a reply is no longer than its room.
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "core/platform/linux/monitord/protocol.h"
#include "tests/fuzz/fuzz_loop.h"

namespace {

using namespace belljar::linux_platform;
using belljar::TraceLevel;

class Fuzzer {
public:
    explicit Fuzzer(std::uint64_t seed) : m_random(seed) {}

    /// False after printing what is wrong.
    bool round()
    {
        makePacket();
        const std::size_t descriptors = below(4);
        return checkRequest(descriptors) && checkReply(descriptors);
    }

private:
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

    void makePacket()
    {
        const auto request =
            encodeRequest({static_cast<MonitorRequestKind>(below(4)), static_cast<TraceLevel>(below(3))});
        MonitorReply reply;
        reply.kind = static_cast<MonitorReplyKind>(below(5));
        reply.refusal = static_cast<MonitorRefusal>(below(24));
        reply.text.assign(below(300), 'x');
        const auto answer = encodeReply(reply);
        if (below(2) == 0) m_packet.assign(request.begin(), request.end());
        else m_packet.assign(answer.begin(), answer.end());
        for (std::size_t i = below(4); i > 0; --i) m_packet[below(m_packet.size())] = std::byte(below(256));
        if (below(8) == 0) m_packet.resize(below(2 * kReplyBytes));
    }

    bool checkRequest(std::size_t descriptors)
    {
        const auto parsed = parseRequest(m_packet, descriptors);
        if (const auto* refusal = std::get_if<MonitorRefusal>(&parsed))
            return *refusal != MonitorRefusal::none && *refusal < MonitorRefusal::count ? true : complain("no refusal");
        ++taken;
        const auto& request = std::get<MonitorRequest>(parsed);
        const RequestPacket again = encodeRequest(request);
        if (!std::equal(m_packet.begin(), m_packet.end(), again.begin(), again.end()))
            return complain("a request was taken that is not what would be written");
        const std::size_t due = request.kind == MonitorRequestKind::watch ? 1 : 0;
        return descriptors == due ? true : complain("a request was taken with a wrong number of descriptors");
    }

    bool checkReply(std::size_t descriptors)
    {
        const auto reply = parseReply(m_packet, descriptors);
        if (!reply) return true;
        ++taken;
        if (reply->text.size() >= kMonitorText) return complain("a text is longer than its room");
        if ((reply->kind == MonitorReplyKind::refused) == (reply->refusal == MonitorRefusal::none))
            return complain("a refusal without a reason, or a reason without one");
        return !refusalSentence(reply->refusal).empty() ? true : complain("a refusal without a sentence");
    }

    bool complain(const char* what)
    {
        std::cerr << what << ":" << std::hex << std::setfill('0');
        for (const std::byte byte : m_packet) std::cerr << ' ' << std::setw(2) << static_cast<int>(byte);
        std::cerr << '\n';
        return false;
    }

    std::mt19937_64 m_random;
    std::vector<std::byte> m_packet;

public:
    std::uint64_t taken = 0;  ///< So that it is seen that the inputs get past the first check.
};

}  // namespace

int main(int argc, char** argv)
{
    const belljar::FuzzOptions options = belljar::fuzzOptions("monitor_fuzz", argc, argv);
    Fuzzer fuzzer(options.seed);
    belljar::fuzz("monitor_fuzz", "packets", options, fuzzer);
    std::cout << fuzzer.taken << " taken\n";
    return fuzzer.taken > 0 ? 0 : 1;
}
