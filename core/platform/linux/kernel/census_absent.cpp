// Stands for map_census.cpp where the build machine has no clang, bpftool or libbpf.
#include "core/platform/linux/kernel/map_census.h"

namespace belljar::linux_platform {

struct MapCensus::Impl {};

MapCensus::MapCensus(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
MapCensus::~MapCensus() = default;

Result<std::unique_ptr<MapCensus>> MapCensus::load()
{
    return Error{ErrorCode::backendUnavailable, "not available", {}, {}, {}};
}

Result<std::vector<std::uint32_t>> MapCensus::take() const
{
    return Error{ErrorCode::backendUnavailable, "not available", {}, {}, {}};
}

}  // namespace belljar::linux_platform
