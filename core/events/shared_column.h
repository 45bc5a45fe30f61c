// A list of plain values that only grows, and whose copies are snapshots: a copy costs nothing, keeps what it was made
// of, and may be read by another thread while the original grows.
//
// Only the original appends in place, behind the end of every copy; a copy that is appended to takes memory of its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace belljar {

template <class T>
class SharedColumn {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    using value_type = T;
    using const_iterator = const T*;

    SharedColumn() = default;
    SharedColumn(std::initializer_list<T> values) { append({values.begin(), values.size()}); }
    SharedColumn(const SharedColumn& other) : m_memory(other.m_memory), m_data(other.m_data), m_size(other.m_size) {}
    SharedColumn(SharedColumn&& other) noexcept { swap(other); }
    SharedColumn& operator=(SharedColumn other) noexcept
    {
        swap(other);
        return *this;
    }
    ~SharedColumn() = default;

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] const T* data() const { return m_data; }
    [[nodiscard]] const T* begin() const { return m_data; }
    [[nodiscard]] const T* end() const { return m_data + m_size; }
    [[nodiscard]] const T& operator[](std::size_t at) const { return m_data[at]; }
    [[nodiscard]] const T& front() const { return m_data[0]; }
    [[nodiscard]] const T& back() const { return m_data[m_size - 1]; }

    void reserve(std::size_t capacity)
    {
        if (capacity <= m_capacity) return;
        std::shared_ptr<T[]> memory = std::make_shared_for_overwrite<T[]>(capacity);
        std::copy_n(m_data, m_size, memory.get());
        m_memory = std::move(memory);
        m_data = m_memory.get();
        m_capacity = capacity;
    }
    void push_back(const T& value)
    {
        const T copy = value;  // May stand in the memory that is left behind.
        if (m_size >= m_capacity) grow(m_size + 1);
        m_data[m_size++] = copy;
    }
    void append(std::span<const T> values)
    {
        if (m_size + values.size() > m_capacity) grow(m_size + values.size());
        std::copy(values.begin(), values.end(), m_data + m_size);
        m_size += values.size();
    }
    /// Drops what is behind the first `size` values. What copies hold stays: the next value takes new memory then.
    void truncate(std::size_t size)
    {
        m_size = size;
        if (m_memory.use_count() > 1) m_capacity = 0;
    }
    /// A copy without the first `first` values, which must be there.
    [[nodiscard]] SharedColumn from(std::size_t first) const
    {
        SharedColumn rest(*this);
        rest.m_data += first;
        rest.m_size -= first;
        return rest;
    }

private:
    void swap(SharedColumn& other) noexcept
    {
        std::swap(m_memory, other.m_memory);
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
        std::swap(m_capacity, other.m_capacity);
    }
    void grow(std::size_t needed)
    {
        constexpr std::size_t kFirst = 16;
        reserve(std::max({needed, m_size * 2, kFirst}));
    }

    std::shared_ptr<T[]> m_memory;
    T* m_data = nullptr;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;  ///< Up to where this one may append in place; 0 for a copy.
};

}  // namespace belljar
