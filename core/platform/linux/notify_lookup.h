// Where paths lead in a sandbox's tree, asked for each call that names one: what it is about, and how it will end.
//
// Folders are resolved once and kept open for a moment; after that one look at the entry is all that a path costs. What
// the sandbox changes in its tree makes us forget; what others change is noticed after kTrusted. The answers are those
// that the calling thread gets: it should have no more rights than the sandboxee.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/platform/linux/target_memory.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// What a call does to where paths lead.
enum class TreeChange : std::uint8_t {
    none,
    fileChanged,  ///< A file came or went; where a folder was looked for in vain, the errno may be another one.
    folderMade,   ///< What was missing may be there now.
    folderMoved,  ///< A folder or a link got another name or went away.
};

class TreeView {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds kTrusted{200};

    /// `root` is an O_PATH descriptor of the sandbox's "/", which must outlive this.
    explicit TreeView(int root) : m_root(root) {}

    /// A call of thread `tid` is looked at now: what it changed before has happened.
    void begin(std::int32_t tid, Clock::time_point now);
    /// Thread `tid` is about to change the tree; until its next call no folder is remembered that this could concern.
    void expect(std::int32_t tid, TreeChange change);

    /// What stands at `path`, which starts from the folder `base` when it is relative.
    [[nodiscard]] InsideObject look(std::string_view base, std::string_view path, bool followLast);

    /// The errno that keeps the sandboxee from using what stands at `path` so (R_OK, W_OK, X_OK); 0: nothing does. All
    /// paths here are resolved ones, from look().
    [[nodiscard]] int refusal(std::string_view path, int mode);
    /// The errno that keeps it from making or removing `path` in its folder; 0: nothing does.
    [[nodiscard]] int changeRefusal(std::string_view path);
    [[nodiscard]] bool isEmptyFolder(std::string_view path);
    /// Whether an entry can be moved or linked from one to the other: both folders are in one mount.
    [[nodiscard]] bool areInOneMount(std::string_view one, std::string_view other);
    /// An open file at `path` for reading; empty when it cannot be read.
    [[nodiscard]] UniqueFd open(std::string_view path);

private:
    struct Folder {
        UniqueFd handle;   ///< O_PATH; empty: there is none.
        std::string path;  ///< Resolved as far as it exists.
        int error = 0;
        bool unknown = false;
        Clock::time_point until;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Folders = std::unordered_map<std::string, Folder, Hash, std::equal_to<>>;

    Folder& folderAt(std::string_view path);
    /// The folder of a resolved path.
    Folder& folderOf(std::string_view path);
    void forget(TreeChange change);
    [[nodiscard]] bool isUnsettled() const;

    const int m_root;
    Folders m_folders;
    std::size_t m_missing = 0;  ///< How many of them do not exist.
    Clock::time_point m_now;
    struct Pending {
        std::int32_t tid;
        TreeChange change;
        Clock::time_point until;
    };
    std::vector<Pending> m_pending;
    std::string m_text;  ///< Kept, so that its memory is.
};

}  // namespace belljar::linux_platform
