#include "core/platform/linux/kernel/map_census.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"
#include "maps.skel.h"

namespace belljar::linux_platform {
namespace {

struct MapsDeleter {
    void operator()(maps_bpf* programs) const { maps_bpf__destroy(programs); }
};

Error failed(const char* what, int error)
{
    return Error{ErrorCode::backendUnavailable, what, {}, errnoText(error), {}};
}

}  // namespace

struct MapCensus::Impl {
    std::unique_ptr<maps_bpf, MapsDeleter> programs;
};

MapCensus::MapCensus(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
MapCensus::~MapCensus() = default;

Result<std::unique_ptr<MapCensus>> MapCensus::load()
{
    auto impl = std::make_unique<Impl>();
    impl->programs.reset(maps_bpf__open());
    if (!impl->programs) return failed("the program that lists maps could not be read", errno);
    if (const int error = maps_bpf__load(impl->programs.get()); error != 0)
        return failed("this kernel refuses the program that lists maps", -error);
    if (const int error = maps_bpf__attach(impl->programs.get()); error != 0)
        return failed("this kernel refuses to attach the program that lists maps", -error);
    return std::unique_ptr<MapCensus>(new MapCensus(std::move(impl)));
}

Result<std::vector<std::uint32_t>> MapCensus::take() const
{
    const UniqueFd list(bpf_iter_create(bpf_link__fd(m_impl->programs->links.listMaps)));
    if (!list) return failed("maps could not be listed", errno);
    std::vector<std::uint32_t> numbers;
    std::array<std::uint32_t, 1024> part{};
    for (;;) {
        const ssize_t length = ::read(list.get(), part.data(), sizeof part);
        if (length < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (length < 0) return failed("the list of maps could not be read", errno);
        if (length == 0) break;
        numbers.insert(numbers.end(), part.begin(), part.begin() + length / static_cast<ssize_t>(sizeof part[0]));
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace belljar::linux_platform
