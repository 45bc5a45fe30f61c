#include "core/platform/linux/network/dns_message.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kLargestQuestion = 512;
constexpr std::size_t kLeastRoom = 512;
constexpr std::size_t kMostRoom = 4096;
constexpr std::uint16_t kClassIn = 1;
constexpr std::uint16_t kResponse = 0x8000;
constexpr std::uint16_t kOperation = 0x7800;
constexpr std::uint16_t kTruncated = 0x0200;
constexpr std::uint16_t kWanted = 0x0100;     // recursion
constexpr std::uint16_t kAvailable = 0x0080;  // recursion
/// Aliases of aliases: more is a circle, or a joke.
constexpr int kMostAliases = 16;
/// Of one reply.
constexpr int kMostRecords = 512;

void put16(std::string& message, std::size_t value)
{
    message += static_cast<char>(value >> 8U & 0xffU);
    message += static_cast<char>(value & 0xffU);
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Reads on from a place; after the first thing that is not right it is over.
class Reader {
public:
    Reader(std::string_view message, std::size_t at) : m_message(message), m_at(at) {}

    [[nodiscard]] bool right() const { return m_right; }
    [[nodiscard]] std::size_t at() const { return m_at; }
    /// Some name ended elsewhere.
    [[nodiscard]] bool hasJumped() const { return m_hasJumped; }

    std::uint16_t number16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t number32() { return number(4); }

    std::string_view bytes(std::size_t count)
    {
        if (!m_right || m_message.size() - m_at < count) {
            m_right = false;
            return {};
        }
        m_at += count;
        return m_message.substr(m_at - count, count);
    }

    /// A name, whose end may stand elsewhere; see DnsQuestion::name.
    std::string name()
    {
        constexpr int kMostJumps = 64;
        constexpr std::size_t kLongest = 1024;  // each letter may take four
        std::string text;
        std::size_t from = m_at;
        bool jumped = false;
        for (int jumps = 0; m_right;) {
            if (from >= m_message.size()) break;
            const auto length = static_cast<std::uint8_t>(m_message[from]);
            if ((length & 0xc0U) == 0xc0U) {
                if (from + 1 >= m_message.size() || ++jumps > kMostJumps) break;
                if (!jumped) m_at = from + 2;
                jumped = m_hasJumped = true;
                from = (length & 0x3fU) << 8U | static_cast<std::uint8_t>(m_message[from + 1]);
                continue;
            }
            if (length > 63 || m_message.size() - from <= length || text.size() > kLongest) break;
            if (length == 0) {
                if (!jumped) m_at = from + 1;
                return text;
            }
            addLabel(text, m_message.substr(from + 1, length));
            from += 1U + length;
        }
        m_right = false;
        return {};
    }

private:
    static void addLabel(std::string& text, std::string_view label)
    {
        if (!text.empty()) text += '.';
        for (const char c : label) {
            const bool plain = c > ' ' && c < 0x7f && c != '.' && c != '\\';
            if (plain) text += lower(c);
            else text += fmt::format("\\{:03}", static_cast<std::uint8_t>(c));
        }
    }

    std::uint32_t number(std::size_t count)
    {
        std::uint32_t value = 0;
        for (const char byte : bytes(count)) value = value << 8U | static_cast<std::uint8_t>(byte);
        return value;
    }

    std::string_view m_message;
    std::size_t m_at;
    bool m_right = true;
    bool m_hasJumped = false;
};

struct Header {
    std::uint16_t id = 0;
    std::uint16_t flags = 0;
    std::uint16_t questions = 0;
    std::uint16_t answers = 0;
    std::uint16_t authorities = 0;
    std::uint16_t others = 0;
};

Header readHeader(Reader& reader)
{
    Header header;
    for (std::uint16_t* part :
         {&header.id, &header.flags, &header.questions, &header.answers, &header.authorities, &header.others})
        *part = reader.number16();
    return header;
}

struct Record {
    std::string name;
    std::uint16_t type = 0;
    std::uint16_t klass = 0;
    std::uint32_t lifetime = 0;
    std::string_view data;
    std::size_t dataAt = 0;
};

Record readRecord(Reader& reader)
{
    Record record;
    record.name = reader.name();
    record.type = reader.number16();
    record.klass = reader.number16();
    record.lifetime = reader.number32();
    const std::uint16_t length = reader.number16();
    record.dataAt = reader.at();
    record.data = reader.bytes(length);
    return record;
}

/// What a program says beside its question.
void readOptions(Reader& reader, const Header& header, DnsQuestion& question)
{
    constexpr int kMostOthers = 4;
    if (header.answers != 0 || header.authorities != 0) return;
    for (int i = 0; i < std::min<int>(header.others, kMostOthers); ++i) {
        const Record record = readRecord(reader);
        if (!reader.right() || record.type != dns_type::kOpt) continue;
        question.hasOptions = true;
        question.room = std::clamp<std::size_t>(record.klass, kLeastRoom, kMostRoom);
    }
}

std::optional<NetworkEndpoint> addressOf(const Record& record)
{
    NetworkEndpoint made;
    made.isIpv6 = record.type == dns_type::kAaaa;
    if (record.data.size() != (made.isIpv6 ? 16U : 4U)) return std::nullopt;
    std::transform(record.data.begin(), record.data.end(), made.address.begin(),
                   [](char byte) { return static_cast<std::uint8_t>(byte); });
    return made;
}

/// Follows the aliases among `records` from the name that was asked for, and takes the addresses at the end.
void follow(const std::vector<Record>& records, std::string_view message, const DnsQuestion& question, DnsReply& reply)
{
    std::string name = question.name;
    std::uint32_t least = ~std::uint32_t{0};
    for (int steps = 0;; ++steps) {
        const auto alias = std::find_if(records.begin(), records.end(), [&](const Record& record) {
            return record.type == dns_type::kCname && record.name == name;
        });
        if (alias == records.end()) break;
        if (steps == kMostAliases) {
            reply.isCircle = true;
            return;
        }
        Reader target(message, alias->dataAt);
        name = target.name();
        if (!target.right()) return;
        least = std::min(least, alias->lifetime);
    }
    for (const Record& record : records) {
        if (record.type != question.type || record.name != name || reply.addresses.size() == kMostAddresses) continue;
        const std::optional<NetworkEndpoint> address = addressOf(record);
        if (!address) continue;
        least = std::min(least, record.lifetime);
        if (std::find(reply.addresses.begin(), reply.addresses.end(), *address) == reply.addresses.end())
            reply.addresses.push_back(*address);
    }
    constexpr std::uint32_t kLargestLifetime = 0x7fffffff;  // RFC 2181: more is none
    if (!reply.addresses.empty() && least <= kLargestLifetime) reply.lifetime = std::chrono::seconds(least);
}

std::string headerMessage(std::uint16_t id, unsigned flags, std::size_t answers, bool hasOptions)
{
    std::string message;
    for (const std::size_t part : {std::size_t{id}, std::size_t{flags}, std::size_t{1}, answers, std::size_t{0},
                                   std::size_t{hasOptions ? 1U : 0U}})
        put16(message, part);
    return message;
}

/// How large a datagram may be, and no extras.
void addOptions(std::string& message, std::size_t room)
{
    message += '\0';
    put16(message, dns_type::kOpt);
    put16(message, room);
    message.append(6, '\0');
}

/// `count` records; without them, and with the mark of what was cut, when they do not fit.
std::string replyWith(const DnsQuestion& question, DnsCode code, const std::string& records, std::size_t count,
                      std::size_t room)
{
    constexpr std::size_t kOptions = 11;
    const bool fits = kHeader + question.section.size() + records.size() + kOptions <= room;
    const unsigned flags =
        kResponse | kWanted | kAvailable | (fits ? 0U : unsigned{kTruncated}) | static_cast<unsigned>(code);
    std::string message = headerMessage(question.id, flags, fits ? count : 0, question.hasOptions);
    message += question.section;
    if (fits) message += records;
    if (question.hasOptions) addOptions(message, kMostRoom);
    return message;
}

}  // namespace

std::optional<DnsQuestion> readQuestion(std::string_view message)
{
    if (message.size() > kLargestQuestion) return std::nullopt;
    Reader reader(message, 0);
    const Header header = readHeader(reader);
    if (!reader.right() || (header.flags & (kResponse | kOperation)) != 0 || header.questions != 1) return std::nullopt;
    DnsQuestion question;
    question.id = header.id;
    question.name = reader.name();
    question.type = reader.number16();
    const std::uint16_t klass = reader.number16();
    if (!reader.right() || reader.hasJumped() || klass != kClassIn) return std::nullopt;
    question.section = message.substr(kHeader, reader.at() - kHeader);
    readOptions(reader, header, question);
    return question;
}

DnsQuestion addressQuestion(const std::string& name, bool isIpv6)
{
    DnsQuestion question;
    question.type = isIpv6 ? dns_type::kAaaa : dns_type::kA;
    question.name = name;
    for (std::string_view rest = name; !rest.empty();) {
        const std::size_t length = std::min(rest.find('.'), rest.size());
        question.section += static_cast<char>(length);
        question.section += rest.substr(0, length);
        rest.remove_prefix(std::min(length + 1, rest.size()));
    }
    question.section += '\0';
    put16(question.section, question.type);
    put16(question.section, kClassIn);
    return question;
}

std::string questionMessage(const DnsQuestion& question, std::uint16_t id)
{
    constexpr std::size_t kOwnRoom = 1232;  // fits everywhere
    std::string message = headerMessage(id, kWanted, 0, true) + question.section;
    addOptions(message, kOwnRoom);
    return message;
}

std::optional<DnsReply> readReply(std::string_view message, const DnsQuestion& question, std::uint16_t id)
{
    Reader reader(message, 0);
    const Header header = readHeader(reader);
    if (!reader.right() || header.id != id || (header.flags & kResponse) == 0 || header.questions != 1)
        return std::nullopt;
    const bool same = reader.name() == question.name && reader.number16() == question.type &&
                      reader.number16() == kClassIn && reader.right();
    if (!same) return std::nullopt;
    DnsReply reply;
    reply.code = static_cast<DnsCode>(header.flags & 0xfU);
    reply.isTruncated = (header.flags & kTruncated) != 0;
    if (reply.code != DnsCode::noError) return reply;
    std::vector<Record> records;
    for (int i = 0; i < std::min<int>(header.answers, kMostRecords); ++i) {
        Record record = readRecord(reader);
        if (!reader.right()) break;  // what came before counts
        if (record.klass == kClassIn) records.push_back(std::move(record));
    }
    follow(records, message, question, reply);
    return reply;
}

std::string replyMessage(const DnsQuestion& question, DnsCode code, const std::vector<NetworkEndpoint>& addresses,
                         std::chrono::seconds lifetime, std::size_t room)
{
    constexpr std::size_t kPointerToQuestion = 0xc000 | kHeader;
    std::string records;
    for (const NetworkEndpoint& address : addresses) {
        const std::size_t length = address.isIpv6 ? 16 : 4;
        put16(records, kPointerToQuestion);
        put16(records, question.type);
        put16(records, kClassIn);
        const auto seconds = static_cast<std::uint32_t>(lifetime.count());
        put16(records, seconds >> 16U);
        put16(records, seconds & 0xffffU);
        put16(records, length);
        for (std::size_t i = 0; i < length; ++i) records += static_cast<char>(address.address[i]);
    }
    return replyWith(question, code, records, addresses.size(), room);
}

std::string passedOn(const DnsQuestion& question, std::string reply, std::size_t room)
{
    if (reply.size() > room) return replyWith(question, DnsCode::noError, reply, 0, room);
    reply[0] = static_cast<char>(question.id >> 8U);
    reply[1] = static_cast<char>(question.id & 0xffU);
    return reply;
}

}  // namespace belljar::linux_platform
