// Which eBPF maps exist at the moment. A map lives as long as somebody holds it, in whatever process.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/result.h"

namespace belljar::linux_platform {

class MapCensus {
public:
    /// Needs CAP_BPF and CAP_PERFMON, like KernelPrograms::load(); taking the census needs neither.
    [[nodiscard]] static Result<std::unique_ptr<MapCensus>> load();
    ~MapCensus();
    MapCensus(const MapCensus&) = delete;
    MapCensus& operator=(const MapCensus&) = delete;

    /// Numbers of all maps, in ascending order.
    [[nodiscard]] Result<std::vector<std::uint32_t>> take() const;

private:
    struct Impl;
    explicit MapCensus(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace belljar::linux_platform
