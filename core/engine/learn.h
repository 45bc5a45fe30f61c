// Learning: from what a program was seen to try, the narrowest profile under which it works.
//
// Pure: events and the rules they name go in, a proposal comes out; only propose() looks at the host, for what exists.
// Secrets, sockets of other programs, whole home folders and the network are never proposed: they are listed for a
// person to decide.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/model/event.h"
#include "core/model/host_facts.h"
#include "core/model/policy.h"

namespace belljar {

/// Why something is proposed: the first event of it, and how many there were.
struct LearnEvidence {
    std::uint64_t count = 0;
    std::uint64_t firstSequence = 0;
    unsigned run = 0;  ///< The sequence counts in this run, from 1.
    EventKind firstKind = EventKind::fileOpen;
    std::string program;  ///< Hostile text.
};

struct LearnedRule {
    std::string path;
    PathAccess access = PathAccess::readOnly;
    bool isFolder = false;
    LearnEvidence evidence;
    std::uint64_t seen = 1;             ///< Objects that were seen and that it stands for.
    std::uint64_t unseen = 0;           ///< Other things in the folder that it opens, too.
    bool unseenIsMore = false;          ///< There are more than were counted.
    std::vector<std::string> examples;  ///< Of the unseen.
};

/// Wanted by the program, and not granted.
struct Undecided {
    enum class Kind : std::uint8_t {
        secret,       ///< `--allow-secret` grants it.
        socket,       ///< A program outside listens there.
        wide,         ///< It would open a home or more.
        network,      ///< An address; `object` is "host:port".
        permissions,  ///< The user may not do it either.
        kernel,       ///< Devices, /proc and system calls that no profile opens.
        hidden,       ///< Belljar, or the profile that learning began with, denies it.
        notText,      ///< The name is no UTF-8, and JSON holds nothing else.
        looked,       ///< It was only looked at, which seems not to be needed.
    };
    Kind kind = Kind::secret;
    std::string object;  ///< Hostile text.
    PathAccess access = PathAccess::readOnly;
    LearnEvidence evidence;
    std::string why;  ///< One sentence.
};

struct LearnProposal {
    std::vector<LearnedRule> rules;    ///< By path; none is at or below another that grants as much.
    std::vector<Undecided> undecided;  ///< By kind and object.
    std::uint64_t events = 0;
    std::string whyIncomplete;  ///< Not empty: events are missing, so there may be more needs than these.
};

struct LearnOptions {
    std::string home;                         ///< Of the user; "" is not known.
    std::vector<std::string> allowedSecrets;  ///< Secrets at or below these are treated like other files.
    bool takeLooks = false;                   ///< Also propose what was only looked at.
};

class Learner {
public:
    Learner(const HostFacts& facts, LearnOptions options);

    /// Events of one run, in order, with the rules that they name. Memory is bounded by the number of different
    /// objects, and what exceeds the bound makes the proposal incomplete.
    void observe(std::span<const Event> events, std::span<const Rule> rules, unsigned run);
    /// Events were lost in a run.
    void noteIncomplete(std::string why);
    void takeLooks() { m_options.takeLooks = true; }
    [[nodiscard]] LearnProposal propose() const;

private:
    enum class Use : std::uint8_t {
        look,
        read,
        write,
        change
    };  ///< `change`: entries of the folder are made, removed.

    struct Need {
        Use use = Use::look;
        LearnEvidence evidence;
    };
    using Key = std::pair<Undecided::Kind, std::string>;

    void observeFile(const Event& event, const Rule* rule);
    void observeNetwork(const Event& event, const Rule* rule);
    void need(const std::string& path, Use use, const Event& event);
    void leave(Undecided::Kind kind, const std::string& object, PathAccess access, const Event& event, std::string why);
    void count(LearnEvidence& evidence, const Event& event) const;
    [[nodiscard]] bool hasRoom();
    void settle(const std::string& path, const Need& need, LearnProposal& proposal) const;
    void preview(LearnProposal& proposal) const;

    const HostFacts& m_facts;
    LearnOptions m_options;
    unsigned m_run = 1;
    std::map<std::string, Need> m_needs;
    std::map<Key, Undecided> m_left;
    std::uint64_t m_events = 0;
    std::string m_whyIncomplete;
};

/// Joins rules to folders where that opens little else, and drops what another rule grants already.
[[nodiscard]] std::vector<LearnedRule> generalised(std::vector<LearnedRule> list, const HostFacts& facts,
                                                   const std::string& home);

/// True for a folder that holds a home, all of a home, or stands directly below "/".
[[nodiscard]] bool isTooWide(const std::string& folder, const std::string& home);

}  // namespace belljar
