// Gives texts and table rows their numbers when a recording is written. Private to core/events.
//
// Made for speed (an event of four texts costs about a tenth of a microsecond) and for texts that somebody chose to be
// slow: the hash is keyed with random numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace belljar::recording {

/// A hash that nobody can make collisions for who does not know the key.
class KeyedHash {
public:
    KeyedHash();  ///< A random key.
    [[nodiscard]] std::uint64_t operator()(std::string_view bytes) const;

private:
    std::uint64_t m_key[4];
};

/// Bytes → number, in the order of first sight. Forgets everything when asked to; its memory is then used again.
class Interner {
public:
    struct Found {
        std::uint32_t number;
        bool isNew;
    };
    [[nodiscard]] Found find(std::string_view bytes) { return find(bytes, m_hash(bytes)); }

    // Most of the time goes into waiting for memory. Who looks up many texts asks for their hashes first, then calls
    // fetchSlot() for each, then fetchBytes() for each: the waits happen at the same time.
    [[nodiscard]] std::uint64_t hash(std::string_view bytes) const { return m_hash(bytes); }
    void fetchSlot(std::uint64_t hash) const;
    void fetchBytes(std::uint64_t hash) const;
    [[nodiscard]] Found find(std::string_view bytes, std::uint64_t hash);

    /// The number that the next new bytes get.
    [[nodiscard]] std::uint32_t next() const { return m_next; }
    /// Forgets all bytes; the next new ones get `next`.
    void startOver(std::uint32_t next);

    [[nodiscard]] std::size_t entries() const { return m_entries; }
    [[nodiscard]] std::size_t bytes() const { return m_bytes.size(); }

private:
    struct Slot {
        std::uint32_t tag;     ///< High half of the hash.
        std::uint32_t length;  ///< All ones: free.
        std::uint32_t offset;
        std::uint32_t number;
    };
    void grow();

    KeyedHash m_hash;
    std::vector<Slot> m_slots;  ///< A power of two, at most half of them used.
    std::vector<char> m_bytes;
    std::size_t m_entries = 0;
    std::uint32_t m_next = 0;
};

}  // namespace belljar::recording
