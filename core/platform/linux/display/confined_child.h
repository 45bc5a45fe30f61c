// A process that is about to become a server for a sandbox: it parses what a sandbox says, so it gets namespaces of its
// own in which it is nobody and sees little. Whatever fails ends it, and is said on a descriptor.
#pragma once

#include <string>
#include <vector>

namespace belljar::linux_platform {

class ConfinedChild {
public:
    /// `messages`: where failures are said.
    explicit ConfinedChild(int messages) : m_messages(messages) {}

    /// Ends the process when a step has failed; errno says why.
    void must(bool done, const char* step) const;
    /// Users, mounts and System V objects of its own, and a network if asked. It is root there, and on the host who it
    /// was. It ends with its parent from now on.
    void enterNamespaces(bool ownNetwork) const;
    /// Folders of users and of running services are empty, /tmp is its own; only `kept`, if it exists, stays.
    void hideFiles(const char* kept) const;
    /// At most so many bytes, and no new privileges. `words` begin with the program's name.
    [[noreturn]] void become(const std::string& program, std::vector<std::string> words, unsigned long memory) const;

private:
    void writeFile(const char* path, const std::string& text) const;

    const int m_messages;
};

}  // namespace belljar::linux_platform
