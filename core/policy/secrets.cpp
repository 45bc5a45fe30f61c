#include "core/policy/secrets.h"

#include <algorithm>
#include <array>

#include "core/base/path_text.h"

namespace belljar {
namespace {

using enum SecretPlace;

constexpr std::array kSecrets{
    SecretRow{".ssh", home, "keys of SSH"},
    SecretRow{".gnupg", home, "keys of GnuPG"},
    SecretRow{".aws", home, "credentials of Amazon's cloud"},
    SecretRow{".azure", home, "credentials of Microsoft's cloud"},
    SecretRow{".config/gcloud", home, "credentials of Google's cloud"},
    SecretRow{".oci", home, "credentials of Oracle's cloud"},
    SecretRow{".config/doctl", home, "credentials of a cloud"},
    SecretRow{".kube", home, "credentials of clusters"},
    SecretRow{".docker/config.json", home, "credentials of registries"},
    SecretRow{".docker/run", home, "the socket of Docker: whoever may use it is administrator"},
    SecretRow{".netrc", home, "passwords of servers"},
    SecretRow{".git-credentials", home, "passwords of Git servers"},
    SecretRow{".config/git/credentials", home, "passwords of Git servers"},
    SecretRow{".npmrc", home, "tokens of a package registry"},
    SecretRow{".yarnrc.yml", home, "tokens of a package registry"},
    SecretRow{".pypirc", home, "tokens of a package registry"},
    SecretRow{".cargo/credentials", home, "tokens of a package registry"},
    SecretRow{".cargo/credentials.toml", home, "tokens of a package registry"},
    SecretRow{".gem/credentials", home, "tokens of a package registry"},
    SecretRow{".m2/settings.xml", home, "passwords of package servers"},
    SecretRow{".gradle/gradle.properties", home, "passwords of package servers"},
    SecretRow{".config/gh", home, "tokens of GitHub"},
    SecretRow{".config/hub", home, "tokens of GitHub"},
    SecretRow{".config/glab-cli", home, "tokens of GitLab"},
    SecretRow{".terraform.d/credentials.tfrc.json", home, "credentials of Terraform"},
    SecretRow{".terraformrc", home, "credentials of Terraform"},
    SecretRow{".vault-token", home, "a token of Vault"},
    SecretRow{".config/rclone", home, "credentials of storage services"},
    SecretRow{".local/share/keyrings", home, "the keyring"},
    SecretRow{".local/share/kwalletd", home, "the wallet"},
    SecretRow{".password-store", home, "passwords"},
    SecretRow{".config/keepassxc", home, "passwords"},
    SecretRow{".config/Bitwarden", home, "passwords"},
    SecretRow{".config/1Password", home, "passwords"},
    SecretRow{".mozilla", home, "a browser's passwords, cookies and history"},
    SecretRow{".config/google-chrome", home, "a browser's passwords, cookies and history"},
    SecretRow{".config/chromium", home, "a browser's passwords, cookies and history"},
    SecretRow{".config/BraveSoftware", home, "a browser's passwords, cookies and history"},
    SecretRow{".config/microsoft-edge", home, "a browser's passwords, cookies and history"},
    SecretRow{".config/vivaldi", home, "a browser's passwords, cookies and history"},
    SecretRow{".config/opera", home, "a browser's passwords, cookies and history"},
    SecretRow{".thunderbird", home, "mail"},
    SecretRow{".config/Signal", home, "messages"},
    SecretRow{".config/Slack", home, "messages and tokens"},
    SecretRow{".config/discord", home, "messages and tokens"},
    SecretRow{".local/share/TelegramDesktop", home, "messages"},
    SecretRow{".electrum", home, "a wallet"},
    SecretRow{".bitcoin", home, "a wallet"},
    SecretRow{".ethereum", home, "a wallet"},
    SecretRow{".bash_history", home, "what was typed, often with passwords"},
    SecretRow{".zsh_history", home, "what was typed, often with passwords"},
    SecretRow{".psql_history", home, "what was typed, often with passwords"},
    SecretRow{".mysql_history", home, "what was typed, often with passwords"},
    SecretRow{".my.cnf", home, "passwords of databases"},
    SecretRow{".pgpass", home, "passwords of databases"},
    SecretRow{".Xauthority", home, "the key to the display"},
    SecretRow{".ICEauthority", home, "the key to the session"},
    SecretRow{"/run/docker.sock", absolute, "the socket of Docker: whoever may use it is administrator"},
    SecretRow{"/var/run/docker.sock", absolute, "the socket of Docker: whoever may use it is administrator"},
    SecretRow{"/run/podman", absolute, "the socket of Podman"},
    SecretRow{"/run/containerd", absolute, "the socket of containerd: whoever may use it is administrator"},
    SecretRow{"/run/user", absolute, "sockets of the desktop session, also of its keyring"},
    SecretRow{"/run/dbus", absolute, "the system's message bus"},
    SecretRow{"/tmp/.X11-unix", absolute, "the display, with all that is typed"},
    SecretRow{"/etc/shadow", absolute, "passwords of this machine"},
    SecretRow{"/etc/ssl/private", absolute, "keys of this machine"},
    SecretRow{"/etc/wireguard", absolute, "keys of a private network"},
    SecretRow{"/etc/openvpn", absolute, "keys of a private network"},
    SecretRow{"/etc/NetworkManager/system-connections", absolute, "passwords of networks"},
    SecretRow{"/var/lib/docker", absolute, "files of containers"},
    SecretRow{"/root", absolute, "the administrator's files"},
    SecretRow{".env", name, "settings that often hold passwords"},
    SecretRow{"id_rsa", name, "a private key"},
    SecretRow{"id_ed25519", name, "a private key"},
    SecretRow{"id_ecdsa", name, "a private key"},
    SecretRow{".git-credentials", name, "passwords of Git servers"},
    SecretRow{".netrc", name, "passwords of servers"},
    SecretRow{".pgpass", name, "passwords of databases"},
    SecretRow{"*.kdbx", name, "passwords"},
    SecretRow{"*.p12", name, "a private key"},
    SecretRow{"*.pfx", name, "a private key"},
    SecretRow{"*.ppk", name, "a private key"},
};

/// "" where the row has no fixed place, or none for this user: an administrator's own home is no secret to it.
std::string placeOf(const SecretRow& row, std::string_view homeFolder)
{
    if (row.place == name) return {};
    if (row.place == home) return homeFolder.empty() ? std::string() : joinPath(homeFolder, row.path);
    return !homeFolder.empty() && isAtOrBelow(homeFolder, row.path) ? std::string() : std::string(row.path);
}

bool isNamed(const SecretRow& row, std::string_view path)
{
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, slash);
        if (row.path.front() == '*' ? part.ends_with(row.path.substr(1)) : part == row.path) return true;
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return false;
}

/// `path` below `folder`, without the slash between; "" for others. Allocates nothing: it is asked for every event.
std::string_view below(std::string_view path, std::string_view folder)
{
    return folder.size() > 1 && path.size() > folder.size() + 1 && isAtOrBelow(path, folder)
               ? path.substr(folder.size() + 1)
               : std::string_view();
}

}  // namespace

std::span<const SecretRow> secretTable()
{
    return kSecrets;
}

const SecretRow* secretAt(std::string_view path, std::string_view homeFolder)
{
    const std::string_view inHome = below(path, homeFolder);
    const auto row = std::find_if(kSecrets.begin(), kSecrets.end(), [&](const SecretRow& candidate) {
        switch (candidate.place) {
            case name: return isNamed(candidate, path);
            case home: return !inHome.empty() && isAtOrBelow(inHome, candidate.path);
            case absolute: break;
        }
        return isAtOrBelow(path, candidate.path) && !placeOf(candidate, homeFolder).empty();
    });
    return row == kSecrets.end() ? nullptr : &*row;
}

std::vector<std::pair<std::string, const SecretRow*>> secretsBelow(std::string_view folder, std::string_view homeFolder)
{
    std::vector<std::pair<std::string, const SecretRow*>> found;
    for (const SecretRow& row : kSecrets) {
        std::string place = placeOf(row, homeFolder);
        if (!place.empty() && isAtOrBelow(place, folder)) found.emplace_back(std::move(place), &row);
    }
    return found;
}

}  // namespace belljar
