// Files that only the user may read: drafts, the history of runs, recordings.
#pragma once

#include <QString>

class QByteArray;

namespace belljar {

/// Makes the folder with those above it where it is missing, and keeps others out of it as far as its file system can.
/// False when it cannot be made.
bool makePrivateFolder(const QString& path);

/// Replaces the file as a whole or not at all; its folder must exist. False when it could not be written.
bool writePrivateFile(const QString& path, const QByteArray& content);

}  // namespace belljar
