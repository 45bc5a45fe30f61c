#include "app/cli/run_options.h"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <limits>

#include <spdlog/fmt/fmt.h>

#include "core/platform/platform.h"
#include "core/policy/network_words.h"

namespace belljar::cli {
namespace {

constexpr std::size_t kLargestProfile = 256U << 20U;

Error usageError(const std::string& where, std::string message, std::string hint)
{
    return {ErrorCode::malformedRequest, std::move(message), where, {}, std::move(hint)};
}

/// All of standard input.
Result<std::string> readStandardInput()
{
    std::string text;
    char buffer[65536];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, stdin)) {
        text.append(buffer, got);
        if (text.size() > kLargestProfile)
            return usageError("standard input", "the profile is larger than 256 MiB", {});
    }
    if (std::ferror(stdin) != 0)
        return Error{ErrorCode::backendError, "the profile could not be read", "standard input", {}, {}};
    return text;
}

Result<void> addPaths(const std::vector<std::string>& paths, PathAccess access, const char* option, RunRequest& request)
{
    for (const std::string& path : paths) {
        Result<std::string> absolute = absolutePath(path);
        if (!absolute) {
            Error error = std::move(absolute).error();
            error.where = option;
            return error;
        }
        request.extraPaths.push_back({std::move(absolute).value(), access});
    }
    return {};
}

Result<void> addTexts(const RunOptions& options, RunRequest& request)
{
    for (const std::string& entry : options.env) {
        const std::size_t equals = entry.find('=');
        if (equals == 0 || equals == std::string::npos)
            return usageError("--env " + entry, "an environment entry is KEY=VALUE", "For example --env LANG=C.");
        request.env.push_back(entry);
    }
    for (const std::string& setting : options.settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos)
            return usageError("--set " + setting, "a setting is POINTER=VALUE",
                              "For example --set /process/timeout=5000.");
        request.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    return {};
}

Result<void> addNetworks(const std::vector<std::string>& texts, bool allow, RunRequest& request)
{
    for (const std::string& text : texts) {
        Result<NetworkSpec> spec = parseNetworkSpec(text);
        if (!spec) {
            Error error = std::move(spec).error();
            error.where = fmt::format("{} {}", allow ? "--allow-net" : "--deny-net", text);
            return error;
        }
        request.extraNetwork.push_back({allow, std::move(spec).value()});
    }
    return {};
}

/// "." goes; ".." stays, because only the policy knows the links it crosses.
std::string withoutDots(const std::filesystem::path& path)
{
    std::filesystem::path plain;
    for (const std::filesystem::path& part : path)
        if (part != "." && !part.empty()) plain /= part;
    return plain.string();
}

}  // namespace

void RunOptions::addTo(OptionParser& parser)
{
    parser.positional("PROFILE", profile,
                      "Configuration JSON; - is standard input. Without one everything comes from options", false);
    parser.option("--ro", readOnly, "PATH", "Grant a file or folder for reading");
    parser.option("--rw", readWrite, "PATH", "Grant a file or folder for reading and writing");
    parser.option("--deny", denied, "PATH", "Deny a file or folder inside a granted one");
    parser.choice("--net", network, {"off", "host"}, "No network, or all of this machine's");
    parser.option("--allow-net", allowedNetworks, "DEST[:PORT][/PROTO]",
                  "Allow connections to a network or host name: 10.0.0.0/8:443/tcp, www.example.org:443, *:53/udp");
    parser.option("--deny-net", deniedNetworks, "DEST[:PORT][/PROTO]",
                  "Deny connections to a network, whatever else allows them");
    parser.option("--timeout", timeout, "DURATION", "Stop after so long: 500 (ms), 10s, 2m, 1h; 0 is no limit");
    parser.option("--cwd", cwd, "FOLDER", "Folder to start in");
    parser.option("--env", env, "KEY=VALUE", "Set an environment variable");
    parser.option("--set", settings, "POINTER=VALUE", "Set any field of the profile, e.g. /process/timeout=5000");
}

void WatchOptions::addTo(OptionParser& parser)
{
    parser.choice("--monitor", monitor, {"auto", "kernel", "notify", "off"},
                  "Who watches: eBPF in the kernel, seccomp notifications, the best that works here (auto), or nobody");
    parser.choice(
        "--trace", trace, {"standard", "full"},
        "How much: writes, programs, network and privileged tries; or also every read and look, which costs more");
}

WatchPlan WatchOptions::plan() const
{
    WatchPlan plan;
    if (monitor == "kernel") plan.monitor = Monitor::kernel;
    if (monitor == "notify") plan.monitor = Monitor::notify;
    if (monitor == "off") plan.monitor = Monitor::off;
    if (trace == "full") plan.level = TraceLevel::full;
    return plan;
}

Result<ProfileSource> readProfile(const std::string& path)
{
    ProfileSource source;
    const bool standardInput = path == "-";
    source.name = standardInput ? "(standard input)" : path;
    Result<std::string> text = standardInput ? readStandardInput() : readFile(path, kLargestProfile);
    if (!text) {
        Error error = std::move(text).error();
        if (error.where.empty()) error.where = source.name;
        return error;
    }
    source.text = std::move(text).value();
    return source;
}

PlaceholderValues placeholdersFor(const SystemFacts& system, const std::optional<std::string>& profile)
{
    if (!profile || *profile == "-") return placeholderValues(system, {});
    std::error_code failure;
    const std::filesystem::path absolute = std::filesystem::absolute(*profile, failure);
    return placeholderValues(system, failure ? std::string() : withoutDots(absolute.parent_path()));
}

Result<RunRequest> makeRequest(const RunOptions& options, const std::vector<std::string>& command,
                               const SystemFacts& system)
{
    RunRequest request;
    request.placeholders = placeholdersFor(system, options.profile);
    request.argv = command;
    if (Result<void> done = addPaths(options.readOnly, PathAccess::readOnly, "--ro", request); !done)
        return done.error();
    if (Result<void> done = addPaths(options.readWrite, PathAccess::readWrite, "--rw", request); !done)
        return done.error();
    if (Result<void> done = addPaths(options.denied, PathAccess::denied, "--deny", request); !done) return done.error();
    if (Result<void> done = addTexts(options, request); !done) return done.error();
    if (options.network) request.network = *options.network == "host" ? NetworkMode::host : NetworkMode::off;
    if (Result<void> done = addNetworks(options.allowedNetworks, true, request); !done) return done.error();
    if (Result<void> done = addNetworks(options.deniedNetworks, false, request); !done) return done.error();
    if (options.timeout) {
        const Result<std::chrono::milliseconds> timeout = parseDuration(*options.timeout);
        if (!timeout) return timeout.error();
        request.timeout = *timeout;
    }
    if (options.cwd) {
        Result<std::string> folder = absolutePath(*options.cwd);
        if (!folder) return std::move(folder).error();
        request.cwd = std::move(folder).value();
    }
    if (options.profile) {
        Result<ProfileSource> source = readProfile(*options.profile);
        if (!source) return std::move(source).error();
        request.profileText = std::move(source->text);
        request.profileName = std::move(source->name);
    }
    return request;
}

Result<std::chrono::milliseconds> parseDuration(std::string_view text)
{
    const Error bad = usageError("--timeout " + std::string(text), "this is no duration",
                                 "Write milliseconds (500), or 500ms, 10s, 2m, 1h; at most 49 days.");
    std::uint64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc()) return bad;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    std::uint64_t factor = 0;
    if (unit.empty() || unit == "ms") factor = 1;
    else if (unit == "s") factor = 1000;
    else if (unit == "m") factor = 60'000;
    else if (unit == "h") factor = 3'600'000;
    if (factor == 0 || count > std::numeric_limits<std::uint32_t>::max() / factor) return bad;
    return std::chrono::milliseconds(static_cast<std::int64_t>(count * factor));
}

std::string realFile(const std::string& path)
{
    std::error_code failure;
    const std::filesystem::path real = std::filesystem::canonical(path, failure);
    return failure ? path : real.string();
}

Result<std::string> absolutePath(const std::string& path)
{
    if (path.empty()) return usageError({}, "a path is missing", "Give a file or a folder.");
    if (path == "~" || path.starts_with("~/")) return path;
    std::error_code failure;
    const std::filesystem::path absolute = std::filesystem::absolute(path, failure);
    if (failure)
        return Error{ErrorCode::backendError, "the current folder cannot be found out", path, failure.message(),
                     "Change to a folder that exists, or give absolute paths."};
    return withoutDots(absolute);
}

}  // namespace belljar::cli
