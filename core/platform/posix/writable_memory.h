// Which folders sandboxes of this user could write, from run to run.
//
// A sandbox may leave a symbolic link in such a folder, and a later run, perhaps under another policy, must not follow
// it to where it was never allowed. Nothing about a link tells who made it, so the folders are remembered: one line
// each in `writable-folders` in $XDG_STATE_HOME/belljar or ~/.local/state/belljar, mode 0600, or where neither can be
// written, in /var/tmp/belljar-state-UID. At most 2,048 are kept; beyond that, folders that are gone are forgotten
// first, then parents stand for their children. A file that is damaged stands for "any folder": what was in it is not
// known.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace belljar {

class WritableMemory {
public:
    /// `folder` is Belljar's own; "" where none can be made.
    explicit WritableMemory(std::string folder) : m_folder(std::move(folder)) {}

    /// For this user; makes the folder when it is not there.
    static WritableMemory ofUser();

    [[nodiscard]] const std::string& folder() const { return m_folder; }
    /// In no order; {"/"} among them when the file is damaged.
    [[nodiscard]] std::vector<std::string> load() const;
    /// Adds what is not remembered yet. Several processes may do so at once.
    Result<void> add(const std::vector<std::string>& folders) const;

private:
    [[nodiscard]] std::string file() const { return m_folder + "/writable-folders"; }
    std::string m_folder;
};

}  // namespace belljar
