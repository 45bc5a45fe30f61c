#include "core/events/recording_intern.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace belljar::recording {
namespace {

constexpr std::uint32_t kFree = 0xffffffffU;
constexpr std::size_t kFirstSlots = 1024;

std::uint64_t load8(const char* bytes)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

/// Both halves of the product, folded.
std::uint64_t mix(std::uint64_t a, std::uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
#else
    const std::uint64_t low = (a & kFree) * (b & kFree);
    const std::uint64_t left = (a >> 32U) * (b & kFree);
    const std::uint64_t right = (a & kFree) * (b >> 32U);
    const std::uint64_t high = (a >> 32U) * (b >> 32U);
    const std::uint64_t middle = (low >> 32U) + (left & kFree) + (right & kFree);
    return ((middle << 32U) | (low & kFree)) ^ (high + (left >> 32U) + (right >> 32U) + (middle >> 32U));
#endif
}

}  // namespace

KeyedHash::KeyedHash()
{
    std::random_device random;
    for (std::uint64_t& word : m_key) word = (static_cast<std::uint64_t>(random()) << 32U) | random();
}

std::uint64_t KeyedHash::operator()(std::string_view bytes) const
{
    std::uint64_t state = m_key[0] ^ bytes.size();
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left > 16; left -= 16, at += 16) state = mix(load8(at) ^ m_key[1], load8(at + 8) ^ state);
    // 1 to 16 bytes are left; the two halves may overlap.
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    if (left >= 8) {
        first = load8(at);
        second = load8(at + left - 8);
    } else if (left != 0) {
        std::memcpy(&first, at, left);
    }
    return mix(m_key[3] ^ state, mix(first ^ m_key[2], second ^ state));
}

void Interner::startOver(std::uint32_t next)
{
    std::fill(m_slots.begin(), m_slots.end(), Slot{0, kFree, 0, 0});
    m_bytes.clear();
    m_entries = 0;
    m_next = next;
}

void Interner::grow()
{
    std::vector<Slot> old(std::max(kFirstSlots, m_slots.size() * 2), Slot{0, kFree, 0, 0});
    old.swap(m_slots);
    const std::size_t mask = m_slots.size() - 1;
    for (const Slot& slot : old) {
        if (slot.length == kFree) continue;
        const std::uint64_t hash = m_hash({m_bytes.data() + slot.offset, slot.length});
        std::size_t at = hash & mask;
        while (m_slots[at].length != kFree) at = (at + 1) & mask;
        m_slots[at] = slot;
    }
}

void Interner::fetchSlot(std::uint64_t hash) const
{
    if (!m_slots.empty()) __builtin_prefetch(&m_slots[hash & (m_slots.size() - 1)]);
}

void Interner::fetchBytes(std::uint64_t hash) const
{
    constexpr std::uint32_t kCacheLine = 64;
    if (m_slots.empty()) return;
    const Slot& slot = m_slots[hash & (m_slots.size() - 1)];
    if (slot.length == kFree || slot.tag != static_cast<std::uint32_t>(hash >> 32U)) return;
    __builtin_prefetch(m_bytes.data() + slot.offset);
    if (slot.length > 1) __builtin_prefetch(m_bytes.data() + slot.offset + std::min(slot.length - 1, kCacheLine));
}

Interner::Found Interner::find(std::string_view bytes, std::uint64_t hash)
{
    if (m_entries * 2 >= m_slots.size()) grow();
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hash & mask;
    for (; m_slots[at].length != kFree; at = (at + 1) & mask) {
        const Slot& slot = m_slots[at];
        if (slot.tag == tag && slot.length == bytes.size() &&
            std::memcmp(m_bytes.data() + slot.offset, bytes.data(), bytes.size()) == 0)
            return {slot.number, false};
    }
    m_slots[at] = {tag, static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(m_bytes.size()), m_next};
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    ++m_entries;
    return {m_next++, true};
}

}  // namespace belljar::recording
