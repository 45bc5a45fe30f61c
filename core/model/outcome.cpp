#include "core/model/outcome.h"

#include <spdlog/fmt/fmt.h>

namespace belljar {
namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

int exitStatus(const Outcome& outcome)
{
    return std::visit(Overloaded{
                          [](const Exited& e) { return e.code; },
                          [](const Signaled& s) { return 128 + s.signal; },
                          [](const TimedOut&) { return 124; },
                          [](const Killed&) { return 128 + 9; },
                          [](const LimitReached&) { return 128 + 9; },
                          [](const SetupFailed& f) {
                              if (f.error.where != "exec") return 125;
                              return f.error.native.rfind("ENOENT", 0) == 0 ? 127 : 126;
                          },
                      },
                      outcome.ending);
}

std::string endingName(const Ending& ending)
{
    return std::visit(Overloaded{
                          [](const Exited&) { return "exited"; },
                          [](const Signaled&) { return "signaled"; },
                          [](const TimedOut&) { return "timed_out"; },
                          [](const Killed&) { return "killed"; },
                          [](const LimitReached&) { return "limit_reached"; },
                          [](const SetupFailed&) { return "setup_failed"; },
                      },
                      ending);
}

std::string describe(const Outcome& outcome)
{
    const std::string what = std::visit(
        Overloaded{
            [](const Exited& e) { return fmt::format("exited with code {}", e.code); },
            [](const Signaled& s) { return fmt::format("ended by signal {}", s.signal); },
            [](const TimedOut& t) { return fmt::format("stopped by its time limit of {} ms", t.limit.count()); },
            [](const Killed& k) { return fmt::format("stopped: {}", k.reason); },
            [](const LimitReached& l) {
                if (l.amount.empty()) return fmt::format("stopped: limit {} reached", l.limit);
                return fmt::format(
                    "ended because it used more than {} (the limit {}; raise it with "
                    "experimental.belljar.limits.{})",
                    l.amount, l.limit, l.limit);
            },
            [](const SetupFailed& f) { return fmt::format("did not start: {}", belljar::describe(f.error)); },
        },
        outcome.ending);
    const bool timeIsSaid = std::holds_alternative<TimedOut>(outcome.ending);
    if (timeIsSaid || std::holds_alternative<SetupFailed>(outcome.ending)) return what;
    return fmt::format("{} after {:.2f} s{}{}", what, std::chrono::duration<double>(outcome.duration).count(),
                       outcome.note.empty() ? "" : "; ", outcome.note);
}

}  // namespace belljar
