<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>belljar::ComparePane</name>
    <message>
        <source>more</source>
        <translation>mehr</translation>
    </message>
    <message>
        <source>less</source>
        <translation>weniger</translation>
    </message>
    <message>
        <source>other</source>
        <translation>anders</translation>
    </message>
</context>
<context>
    <name>belljar::Timeline</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
</context>
<context>
    <name>belljar</name>
    <message>
        <source>Empty the line</source>
        <translation>Zeile leeren</translation>
    </message>
</context>
<context>
    <name>belljar::App</name>
    <message>
        <source>Runs a program under a policy and shows everything it tries.</source>
        <translation>Führt ein Programm unter einer Richtlinie aus und zeigt alles, was es versucht.</translation>
    </message>
    <message>
        <source>The profile to open, MXC configuration JSON, or a recording.</source>
        <translation>Das zu öffnende Profil, MXC-Konfiguration als JSON, oder eine Aufzeichnung.</translation>
    </message>
    <message>
        <source>Lay out the bundled sample and open it.</source>
        <translation>Das mitgelieferte Beispiel anlegen und öffnen.</translation>
    </message>
    <message>
        <source>Colours: system, light, dark or contrast.</source>
        <translation>Farben: system, light, dark oder contrast.</translation>
    </message>
    <message>
        <source>Language: system, %1.</source>
        <translation>Sprache: system, %1.</translation>
    </message>
    <message>
        <source>Use the plain text editor instead of Qt WebEngine.</source>
        <translation>Den einfachen Texteditor statt Qt WebEngine verwenden.</translation>
    </message>
    <message>
        <source>Start although this is the root user.</source>
        <translation>Starten, obwohl dies der Benutzer root ist.</translation>
    </message>
    <message>
        <source>--theme knows system, light, dark and contrast.</source>
        <translation>--theme kennt system, light, dark und contrast.</translation>
    </message>
    <message>
        <source>More than one file was given.</source>
        <translation>Es wurde mehr als eine Datei angegeben.</translation>
    </message>
    <message>
        <source>--language knows system, %1.</source>
        <translation>--language kennt system, %1.</translation>
    </message>
</context>
<context>
    <name>belljar::AskBar</name>
    <message>
        <source>A program</source>
        <translation>Ein Programm</translation>
    </message>
    <message>
        <source>%1 (process %2)</source>
        <translation>%1 (Prozess %2)</translation>
    </message>
    <message>
        <source>looks up the host %1</source>
        <translation>fragt nach dem Host %1</translation>
    </message>
    <message>
        <source>wants to reach %1</source>
        <translation>möchte %1 erreichen</translation>
    </message>
    <message>
        <source>wants to reach %1 at %2</source>
        <translation>möchte %1 unter %2 erreichen</translation>
    </message>
    <message>
        <source>&amp;Allow</source>
        <translation>&amp;Erlauben</translation>
    </message>
    <message>
        <source>&amp;Deny</source>
        <translation>&amp;Verweigern</translation>
    </message>
    <message>
        <source>A question about the network</source>
        <translation>Eine Frage zum Netzwerk</translation>
    </message>
    <message>
        <source>What is asked</source>
        <translation>Was gefragt wird</translation>
    </message>
    <message>
        <source>All questions that wait</source>
        <translation>Alle wartenden Fragen</translation>
    </message>
    <message>
        <source>What the answer is about</source>
        <translation>Wofür die Antwort gilt</translation>
    </message>
    <message>
        <source>How long the answer holds</source>
        <translation>Wie lange die Antwort gilt</translation>
    </message>
    <message>
        <source>this once</source>
        <translation>nur dieses Mal</translation>
    </message>
    <message>
        <source>for this run</source>
        <translation>für diesen Lauf</translation>
    </message>
    <message>
        <source>always, in the profile</source>
        <translation>immer, im Profil</translation>
    </message>
    <message>
        <source>Deny this once</source>
        <translation>Dieses Mal verweigern</translation>
    </message>
    <message>
        <source>Deny this once (Esc)</source>
        <translation>Dieses Mal verweigern (Esc)</translation>
    </message>
    <message>
        <source>. No rule covers that; it waits for you.</source>
        <translation>. Keine Regel deckt das ab; es wartet auf Sie.</translation>
    </message>
    <message>
        <source>denied in %1 s</source>
        <translation>verweigert in %1 s</translation>
    </message>
    <message>
        <source>denied in %1 s; %2 wait</source>
        <translation>verweigert in %1 s; %2 warten</translation>
    </message>
</context>
<context>
    <name>belljar::AskBox</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Show the rule</source>
        <translation>Regel zeigen</translation>
    </message>
    <message>
        <source>&amp;Ask about a path:</source>
        <translation>Nach einem &amp;Pfad fragen:</translation>
    </message>
    <message>
        <source>&amp;Ask about an address:</source>
        <translation>Nach einer &amp;Adresse fragen:</translation>
    </message>
    <message>
        <source>Path to ask about</source>
        <translation>Pfad, nach dem gefragt wird</translation>
    </message>
    <message>
        <source>Address to ask about</source>
        <translation>Adresse, nach der gefragt wird</translation>
    </message>
    <message>
        <source>~/.ssh/id_ed25519 – what may the program do with it?</source>
        <translation>~/.ssh/id_ed25519 – was darf das Programm damit?</translation>
    </message>
    <message>
        <source>192.0.2.7:443/tcp – may the program reach it?</source>
        <translation>192.0.2.7:443/tcp – darf das Programm sie erreichen?</translation>
    </message>
    <message>
        <source>Answer: %1</source>
        <translation>Antwort: %1</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>belljar::ChipRow</name>
    <message>
        <source>%1 more and</source>
        <translation>%1 weitere und</translation>
    </message>
    <message>
        <source>Condition %1; press to remove</source>
        <translation>Bedingung %1; Drücken entfernt sie</translation>
    </message>
</context>
<context>
    <name>belljar::ChoiceField</name>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
</context>
<context>
    <name>belljar::CommandPalette</name>
    <message>
        <source>Find a command or a field</source>
        <translation>Befehl oder Feld suchen</translation>
    </message>
    <message>
        <source>Part of the name</source>
        <translation>Teil des Namens</translation>
    </message>
    <message>
        <source>Type a part of a command or field, e.g. “export” or “timeout”</source>
        <translation>Teil eines Befehls oder Felds eingeben, z. B. „export“ oder „timeout“</translation>
    </message>
    <message>
        <source>Commands and fields</source>
        <translation>Befehle und Felder</translation>
    </message>
</context>
<context>
    <name>belljar::ComparePane</name>
    <message>
        <source>%1 (line %2)</source>
        <translation>%1 (Zeile %2)</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>Datei wählen…</translation>
    </message>
    <message>
        <source>Migrate</source>
        <translation>Migrieren</translation>
    </message>
    <message>
        <source>What to compare the profile with</source>
        <translation>Womit das Profil verglichen wird</translation>
    </message>
    <message>
        <source>The saved version</source>
        <translation>Die gespeicherte Fassung</translation>
    </message>
    <message>
        <source>Another profile</source>
        <translation>Ein anderes Profil</translation>
    </message>
    <message>
        <source>Itself, migrated to schema 0.8</source>
        <translation>Es selbst, auf Schema 0.8 migriert</translation>
    </message>
    <message>
        <source>Replaces the text by the migrated one; can be undone</source>
        <translation>Ersetzt den Text durch den migrierten; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>What is allowed more or less</source>
        <translation>Was mehr oder weniger erlaubt ist</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>Zugriff</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Lines that differ</source>
        <translation>Abweichende Zeilen</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Vergleichen mit</translation>
    </message>
    <message>
        <source>The text is not valid at the moment, so there is nothing to compare.</source>
        <translation>Der Text ist gerade nicht gültig, daher gibt es nichts zu vergleichen.</translation>
    </message>
    <message>
        <source>Choose the profile to compare with.</source>
        <translation>Wählen Sie das Profil, mit dem verglichen wird.</translation>
    </message>
    <message>
        <source>The profile cannot be migrated:</source>
        <translation>Das Profil lässt sich nicht migrieren:</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>The profile is of schema 0.8 or later already.</source>
        <translation>Das Profil hat bereits Schema 0.8 oder neuer.</translation>
    </message>
    <message>
        <source>Access cannot be compared: %1</source>
        <translation>Der Zugriff lässt sich nicht vergleichen: %1</translation>
    </message>
    <message>
        <source>%1 questions were asked of both.</source>
        <translation>Beiden wurden %1 Fragen gestellt.</translation>
    </message>
    <message>
        <source>The same access. %1</source>
        <translation>Der gleiche Zugriff. %1</translation>
    </message>
    <message>
        <source>More: %1. Less: %2. Other: %3. %4</source>
        <translation>Mehr: %1. Weniger: %2. Anders: %3. %4</translation>
    </message>
    <message>
        <source>There are too many network rules to compare all of them.</source>
        <translation>Es sind zu viele Netzwerkregeln, um alle zu vergleichen.</translation>
    </message>
    <message>
        <source>migrate to schema 0.8</source>
        <translation>auf Schema 0.8 migrieren</translation>
    </message>
</context>
<context>
    <name>belljar::ContainmentModel</name>
    <message>
        <source>✓ available</source>
        <translation>✓ verfügbar</translation>
    </message>
    <message>
        <source>✗ not here</source>
        <translation>✗ nicht hier</translation>
    </message>
    <message>
        <source>To fix it: %1</source>
        <translation>Abhilfe: %1</translation>
    </message>
    <message>
        <source>Containment</source>
        <translation>Sandbox-Art</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Why, and how to fix it</source>
        <translation>Warum, und was hilft</translation>
    </message>
</context>
<context>
    <name>belljar::DiskBar</name>
    <message>
        <source>Merge both</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Take the file</source>
        <translation>Datei übernehmen</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>Meines behalten</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Makes the changes of both; can be undone</source>
        <translation>Übernimmt die Änderungen beider; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>Replaces the text here by the file's; can be undone</source>
        <translation>Ersetzt den Text hier durch den der Datei; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>The next save replaces the file</source>
        <translation>Das nächste Speichern ersetzt die Datei</translation>
    </message>
    <message>
        <source>Another program has changed %1.</source>
        <translation>Ein anderes Programm hat %1 geändert.</translation>
    </message>
    <message>
        <source>Another program has changed %1, in other lines than you.</source>
        <translation>Ein anderes Programm hat %1 geändert, in anderen Zeilen als Sie.</translation>
    </message>
    <message>
        <source>Another program has changed %1 in the same lines as you.</source>
        <translation>Ein anderes Programm hat %1 in denselben Zeilen geändert wie Sie.</translation>
    </message>
    <message>
        <source>take the file's text</source>
        <translation>Text der Datei übernehmen</translation>
    </message>
    <message>
        <source>merge with the file</source>
        <translation>mit der Datei zusammenführen</translation>
    </message>
</context>
<context>
    <name>belljar::DraftKeeper</name>
    <message>
        <source>restore unsaved edits</source>
        <translation>ungespeicherte Änderungen zurückholen</translation>
    </message>
</context>
<context>
    <name>belljar::EditorHost</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Ctrl+Space offers what may stand at the cursor.</source>
        <translation>Strg+Leertaste bietet an, was am Cursor stehen kann.</translation>
    </message>
    <message>
        <source>The web editor is not available: %1. This is the plain one.</source>
        <translation>Der Web-Editor ist nicht verfügbar: %1. Dies ist der einfache.</translation>
    </message>
</context>
<context>
    <name>belljar::EventExplainer</name>
    <message>
        <source>No rule applies</source>
        <translation>Keine Regel trifft zu</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>Erlaubt</translation>
    </message>
    <message>
        <source>Absent</source>
        <translation>Nicht vorhanden</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>Verweigert</translation>
    </message>
    <message>
        <source>Belljar's default: what no rule grants is absent or closed</source>
        <translation>Vorgabe von Belljar: Was keine Regel freigibt, ist nicht vorhanden oder geschlossen</translation>
    </message>
    <message>
        <source>Belljar's default, line %1</source>
        <translation>Vorgabe von Belljar, Zeile %1</translation>
    </message>
    <message>
        <source>The system files that every sandbox gets</source>
        <translation>Die Systemdateien, die jede Sandbox erhält</translation>
    </message>
    <message>
        <source>An option of this run</source>
        <translation>Eine Option dieses Laufs</translation>
    </message>
    <message>
        <source>A change while the program ran</source>
        <translation>Eine Änderung, während das Programm lief</translation>
    </message>
    <message>
        <source>The base profile %1, line %2 (%3)</source>
        <translation>Das Basisprofil %1, Zeile %2 (%3)</translation>
    </message>
    <message>
        <source>The profile</source>
        <translation>Das Profil</translation>
    </message>
    <message>
        <source>The profile, line %1 (%2)</source>
        <translation>Das Profil, Zeile %1 (%2)</translation>
    </message>
    <message>
        <source>The object does not exist on this machine either: without the sandbox the program would have got the same answer.</source>
        <translation>Auch auf diesem Rechner gibt es das Objekt nicht: Ohne die Sandbox hätte das Programm dieselbe Antwort erhalten.</translation>
    </message>
    <message>
        <source>The result of the call was not seen.</source>
        <translation>Das Ergebnis des Aufrufs wurde nicht gesehen.</translation>
    </message>
    <message>
        <source>The result is derived: it was looked up in the sandbox when the call was made.</source>
        <translation>Das Ergebnis ist abgeleitet: Es wurde beim Aufruf in der Sandbox nachgesehen.</translation>
    </message>
    <message>
        <source>The result is the kernel's own answer.</source>
        <translation>Das Ergebnis ist die Antwort des Kernels selbst.</translation>
    </message>
    <message>
        <source>%1 – %2 Result: %3</source>
        <translation>%1 – %2 Ergebnis: %3</translation>
    </message>
    <message>
        <source>%1, process %2, started by process %3</source>
        <translation>%1, Prozess %2, gestartet von Prozess %3</translation>
    </message>
    <message>
        <source>Started by: %1</source>
        <translation>Gestartet von: %1</translation>
    </message>
</context>
<context>
    <name>belljar::EventTableModel</name>
    <message>
        <source>Bookmark</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>%1, rule %2</source>
        <translation>%1, Regel %2</translation>
    </message>
    <message>
        <source>%1, highlighted: %2</source>
        <translation>%1, hervorgehoben: %2</translation>
    </message>
    <message>
        <source>%1, note: %2</source>
        <translation>%1, Notiz: %2</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>Prozess</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>Operation</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>Argumente</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>Clock (UTC)</source>
        <translation>Uhrzeit (UTC)</translation>
    </message>
    <message>
        <source>Process id</source>
        <translation>Prozess-ID</translation>
    </message>
    <message>
        <source>Parent id</source>
        <translation>Eltern-ID</translation>
    </message>
    <message>
        <source>Id inside</source>
        <translation>ID innen</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Result known</source>
        <translation>Ergebnis bekannt</translation>
    </message>
    <message>
        <source>Rule from</source>
        <translation>Regel aus</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>Mechanism</source>
        <translation>Mechanismus</translation>
    </message>
    <message>
        <source>Seen by</source>
        <translation>Gesehen von</translation>
    </message>
    <message>
        <source>In queries: %1</source>
        <translation>In Abfragen: %1</translation>
    </message>
</context>
<context>
    <name>belljar::EventTableView</name>
    <message>
        <source>Events; Enter explains one, = shows only this value, - hides it, H highlights, T shows the process tree</source>
        <translation>Ereignisse; Enter erklärt eines, = zeigt nur diesen Wert, - blendet ihn aus, H hebt hervor, T zeigt den Prozessbaum</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>As at first</source>
        <translation>Wie zu Anfang</translation>
    </message>
    <message>
        <source>%1 new, sort them in</source>
        <translation>%1 neue einsortieren</translation>
    </message>
    <message>
        <source>%1 new</source>
        <translation>%1 neu</translation>
    </message>
    <message>
        <source>%1 new events; shows the newest</source>
        <translation>%1 neue Ereignisse; zeigt das neueste</translation>
    </message>
    <message>
        <source>Show only %1</source>
        <translation>Nur %1 zeigen</translation>
    </message>
    <message>
        <source>Hide %1</source>
        <translation>%1 ausblenden</translation>
    </message>
    <message>
        <source>Highlight %1</source>
        <translation>%1 hervorheben</translation>
    </message>
    <message>
        <source>Show only this process and what it started</source>
        <translation>Nur diesen Prozess und von ihm Gestartetes zeigen</translation>
    </message>
    <message>
        <source>Group by this column</source>
        <translation>Nach dieser Spalte gruppieren</translation>
    </message>
    <message>
        <source>Remove the bookmark</source>
        <translation>Lesezeichen entfernen</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>Write a note…</source>
        <translation>Notiz schreiben…</translation>
    </message>
    <message>
        <source>Copy the line</source>
        <translation>Zeile kopieren</translation>
    </message>
    <message>
        <source>What a program tries is listed here.</source>
        <translation>Hier steht, was ein Programm versucht.</translation>
    </message>
    <message>
        <source>No event fits all conditions.</source>
        <translation>Kein Ereignis erfüllt alle Bedingungen.</translation>
    </message>
</context>
<context>
    <name>belljar::ExplainPane</name>
    <message>
        <source>Go to the rule</source>
        <translation>Zur Regel</translation>
    </message>
    <message>
        <source>Explanation of the event</source>
        <translation>Erklärung des Ereignisses</translation>
    </message>
    <message>
        <source>Select an event and press Enter, or double-click it, to see why it was allowed or denied.</source>
        <translation>Wählen Sie ein Ereignis und drücken Sie Enter, oder doppelklicken Sie darauf, um zu sehen, warum es erlaubt oder verweigert wurde.</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Written in</source>
        <translation>Steht in</translation>
    </message>
    <message>
        <source>Mechanism</source>
        <translation>Mechanismus</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Show secrets</source>
        <translation>Geheimes zeigen</translation>
    </message>
    <message>
        <source>Something here looks like a password, a key or a token, and is masked</source>
        <translation>Etwas hier sieht nach Passwort, Schlüssel oder Token aus und ist verdeckt</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>Roh</translation>
    </message>
    <message>
        <source>Show the event as it is recorded, as JSON</source>
        <translation>Das Ereignis zeigen, wie es aufgezeichnet ist, als JSON</translation>
    </message>
    <message>
        <source>The event as JSON</source>
        <translation>Das Ereignis als JSON</translation>
    </message>
    <message>
        <source>Go to line %1</source>
        <translation>Zu Zeile %1</translation>
    </message>
</context>
<context>
    <name>belljar::FieldGroup</name>
    <message>
        <source>changed, revert</source>
        <translation>geändert, zurücksetzen</translation>
    </message>
    <message>
        <source>%1 was changed: revert to the saved value</source>
        <translation>%1 wurde geändert: auf den gespeicherten Wert zurücksetzen</translation>
    </message>
</context>
<context>
    <name>belljar::FieldHelp</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>One of: %1</source>
        <translation>Eines von: %1</translation>
    </message>
    <message>
        <source>From %1 to %2</source>
        <translation>Von %1 bis %2</translation>
    </message>
    <message>
        <source>all systems</source>
        <translation>alle Systeme</translation>
    </message>
    <message>
        <source>Acts on: %1.</source>
        <translation>Wirkt auf: %1.</translation>
    </message>
    <message>
        <source>Since schema %1. Acts on: %2.</source>
        <translation>Seit Schema %1. Wirkt auf: %2.</translation>
    </message>
</context>
<context>
    <name>belljar::FilterPresets</name>
    <message>
        <source>Denied</source>
        <translation>Verweigert</translation>
    </message>
    <message>
        <source>Denied or absent</source>
        <translation>Verweigert oder nicht vorhanden</translation>
    </message>
    <message>
        <source>Sensitive places</source>
        <translation>Heikle Orte</translation>
    </message>
    <message>
        <source>What was written or changed</source>
        <translation>Was geschrieben oder geändert wurde</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>Programs that were run</source>
        <translation>Ausgeführte Programme</translation>
    </message>
    <message>
        <source>Clipboard and other windows</source>
        <translation>Zwischenablage und andere Fenster</translation>
    </message>
    <message>
        <source>What failed</source>
        <translation>Was fehlschlug</translation>
    </message>
    <message>
        <source>Closed system calls</source>
        <translation>Geschlossene Systemaufrufe</translation>
    </message>
    <message>
        <source>Changes of the session, and losses</source>
        <translation>Änderungen der Sitzung und Verluste</translation>
    </message>
</context>
<context>
    <name>belljar::FindingModel</name>
    <message>
        <source>1 error</source>
        <translation>1 Fehler</translation>
    </message>
    <message>
        <source>%1 errors</source>
        <translation>%1 Fehler</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>1 Warnung</translation>
    </message>
    <message>
        <source>%1 warnings</source>
        <translation>%1 Warnungen</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 Hinweis</translation>
    </message>
    <message>
        <source>%1 notes</source>
        <translation>%1 Hinweise</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Keine Probleme</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>(in %1)</source>
        <translation>(in %1)</translation>
    </message>
    <message>
        <source>(line %1)</source>
        <translation>(Zeile %1)</translation>
    </message>
    <message>
        <source>Fix: %1</source>
        <translation>Abhilfe: %1</translation>
    </message>
</context>
<context>
    <name>belljar::FixBar</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Run again (F5)</source>
        <translation>Erneut ausführen (F5)</translation>
    </message>
    <message>
        <source>What was changed</source>
        <translation>Was geändert wurde</translation>
    </message>
    <message>
        <source>The running session was not changed: %1</source>
        <translation>Die laufende Sitzung wurde nicht geändert: %1</translation>
    </message>
    <message>
        <source>In the running session %1 was %2 and is %3 now.</source>
        <translation>In der laufenden Sitzung war %1 %2 und ist jetzt %3.</translation>
    </message>
    <message>
        <source>The running session cannot be changed like that.</source>
        <translation>Die laufende Sitzung lässt sich so nicht ändern.</translation>
    </message>
    <message>
        <source>The profile has changed since this run, so the rule to remove may stand elsewhere. Run it again first.</source>
        <translation>Das Profil hat sich seit diesem Lauf geändert; die zu entfernende Regel kann daher anderswo stehen. Führen Sie es zuerst erneut aus.</translation>
    </message>
    <message>
        <source>The profile was not changed: %1</source>
        <translation>Das Profil wurde nicht geändert: %1</translation>
    </message>
    <message>
        <source>Profile changed: %1.</source>
        <translation>Profil geändert: %1.</translation>
    </message>
</context>
<context>
    <name>belljar::FixFinder</name>
    <message>
        <source>Opens nothing else.</source>
        <translation>Öffnet sonst nichts.</translation>
    </message>
    <message>
        <source>Opens more than %1 files and folders in it.</source>
        <translation>Öffnet mehr als %1 Dateien und Ordner darin.</translation>
    </message>
    <message numerus="yes">
        <source>Opens the %n file(s) and folder(s) in it, and all that come.</source>
        <translation>
            <numerusform>Öffnet die %n Datei(en) und Ordner darin und alle, die hinzukommen.</numerusform><numerusform>Öffnet die %n Datei(en) und Ordner darin und alle, die hinzukommen.</numerusform></translation>
    </message>
    <message>
        <source>Allow reading and changing everything in %1</source>
        <translation>Lesen und Ändern von allem in %1 erlauben</translation>
    </message>
    <message>
        <source>Allow reading and changing %1</source>
        <translation>Lesen und Ändern von %1 erlauben</translation>
    </message>
    <message>
        <source>Allow reading everything in %1</source>
        <translation>Lesen von allem in %1 erlauben</translation>
    </message>
    <message>
        <source>Allow reading %1</source>
        <translation>Lesen von %1 erlauben</translation>
    </message>
    <message>
        <source>Remove the rule that denies it</source>
        <translation>Die Regel entfernen, die es verweigert</translation>
    </message>
    <message>
        <source>Opens all that this rule denies.</source>
        <translation>Öffnet alles, was diese Regel verweigert.</translation>
    </message>
    <message>
        <source>Give it this machine's whole network</source>
        <translation>Das ganze Netzwerk dieses Rechners geben</translation>
    </message>
    <message>
        <source>Opens everything that this machine can reach, itself and its neighbours too.</source>
        <translation>Öffnet alles, was dieser Rechner erreicht, auch ihn selbst und seine Nachbarn.</translation>
    </message>
    <message>
        <source>Allow connections to %1</source>
        <translation>Verbindungen zu %1 erlauben</translation>
    </message>
    <message>
        <source>Opens every port and address that this names.</source>
        <translation>Öffnet jeden Port und jede Adresse, die das nennt.</translation>
    </message>
</context>
<context>
    <name>belljar::FixList</name>
    <message>
        <source>Why nothing fixes it</source>
        <translation>Warum nichts Abhilfe schafft</translation>
    </message>
    <message>
        <source>Also in the running session, at once</source>
        <translation>Auch in der laufenden Sitzung, sofort</translation>
    </message>
    <message>
        <source>What else fix %1 opens</source>
        <translation>Was Abhilfe %1 sonst noch öffnet</translation>
    </message>
    <message>
        <source>%1 Secret: %2.</source>
        <translation>%1 Geheim: %2.</translation>
    </message>
    <message>
        <source>I know that this is secret</source>
        <translation>Ich weiß, dass dies geheim ist</translation>
    </message>
</context>
<context>
    <name>belljar::FormSections</name>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>Up to schema 0.7</source>
        <translation>Bis Schema 0.7</translation>
    </message>
    <message>
        <source>Desktop and clipboard</source>
        <translation>Desktop und Zwischenablage</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>Prozess</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Programs and calls</source>
        <translation>Programme und Aufrufe</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Single containments</source>
        <translation>Einzelne Sandbox-Arten</translation>
    </message>
    <message>
        <source>LXC</source>
        <translation>LXC</translation>
    </message>
    <message>
        <source>Seatbelt (macOS)</source>
        <translation>Seatbelt (macOS)</translation>
    </message>
    <message>
        <source>AppContainer (Windows)</source>
        <translation>AppContainer (Windows)</translation>
    </message>
    <message>
        <source>Windows Sandbox</source>
        <translation>Windows Sandbox</translation>
    </message>
    <message>
        <source>WSL container</source>
        <translation>WSL-Container</translation>
    </message>
    <message>
        <source>Isolation session</source>
        <translation>Isolationssitzung</translation>
    </message>
    <message>
        <source>Tests and telemetry</source>
        <translation>Tests und Telemetrie</translation>
    </message>
</context>
<context>
    <name>belljar::GroupModel</name>
    <message>
        <source>(none)</source>
        <translation>(keine)</translation>
    </message>
    <message>
        <source>%1: %2 events, %3 denied</source>
        <translation>%1: %2 Ereignisse, %3 verweigert</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>Verweigert</translation>
    </message>
    <message>
        <source>First (s)</source>
        <translation>Erstes (s)</translation>
    </message>
    <message>
        <source>Last (s)</source>
        <translation>Letztes (s)</translation>
    </message>
</context>
<context>
    <name>belljar::HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Help pages</source>
        <translation>Hilfeseiten</translation>
    </message>
</context>
<context>
    <name>belljar::HistoryDialog</name>
    <message>
        <source>Run history</source>
        <translation>Verlauf der Läufe</translation>
    </message>
    <message>
        <source>Runs, the newest first, pinned ones above</source>
        <translation>Läufe, der neueste zuerst, angeheftete darüber</translation>
    </message>
    <message>
        <source>&amp;Run again</source>
        <translation>&amp;Erneut ausführen</translation>
    </message>
    <message>
        <source>&amp;Pin</source>
        <translation>&amp;Anheften</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>&amp;Vergessen</translation>
    </message>
    <message>
        <source>&amp;Show secrets</source>
        <translation>&amp;Geheimes zeigen</translation>
    </message>
    <message>
        <source>Un&amp;pin</source>
        <translation>&amp;Lösen</translation>
    </message>
</context>
<context>
    <name>belljar::HomePage</name>
    <message>
        <source>Put a program under the jar</source>
        <translation>Ein Programm unter die Glasglocke stellen</translation>
    </message>
    <message>
        <source>Drop a program or script on this window, or type its line above and press F5. It sees only what the profile grants; everything it tries is shown.</source>
        <translation>Ziehen Sie ein Programm oder Skript auf dieses Fenster, oder geben Sie oben seine Befehlszeile ein und drücken Sie F5. Es sieht nur, was das Profil freigibt; alles, was es versucht, wird gezeigt.</translation>
    </message>
    <message>
        <source>&amp;Lately</source>
        <translation>&amp;Zuletzt</translation>
    </message>
    <message>
        <source>Profiles that were open lately</source>
        <translation>Zuletzt geöffnete Profile</translation>
    </message>
    <message>
        <source>What this machine can run</source>
        <translation>Was dieser Rechner ausführen kann</translation>
    </message>
    <message>
        <source>A profile names one containment. What is not here is refused with the reason; nothing weaker is taken instead.</source>
        <translation>Ein Profil nennt eine Sandbox-Art. Was hier fehlt, wird mit Begründung abgelehnt; nichts Schwächeres tritt an seine Stelle.</translation>
    </message>
    <message>
        <source>Containments of this machine</source>
        <translation>Sandbox-Arten dieses Rechners</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>Noch nichts</translation>
    </message>
</context>
<context>
    <name>belljar::JsonField</name>
    <message>
        <source>not set (JSON, for example "text" or 5)</source>
        <translation>nicht gesetzt (JSON, zum Beispiel "text" oder 5)</translation>
    </message>
    <message>
        <source>%1 (has several lines or hidden characters: change it in the text)</source>
        <translation>%1 (hat mehrere Zeilen oder verborgene Zeichen: im Text ändern)</translation>
    </message>
    <message>
        <source>This is no JSON: %1</source>
        <translation>Das ist kein JSON: %1</translation>
    </message>
</context>
<context>
    <name>belljar::LauncherBar</name>
    <message>
        <source>Run</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Co&amp;mmand:</source>
        <translation>Be&amp;fehl:</translation>
    </message>
    <message>
        <source>Command to run</source>
        <translation>Auszuführender Befehl</translation>
    </message>
    <message>
        <source>Run in the sandbox (F5)</source>
        <translation>In der Sandbox ausführen (F5)</translation>
    </message>
    <message>
        <source>Stop the program and everything it started (Ctrl+.)</source>
        <translation>Das Programm und alles von ihm Gestartete stoppen (Strg+.)</translation>
    </message>
    <message>
        <source>Paste a shell line, or drop a program on this window</source>
        <translation>Befehlszeile einfügen oder Programm auf dieses Fenster ziehen</translation>
    </message>
    <message>
        <source>%1   (from the profile; paste a shell line to run another)</source>
        <translation>%1   (aus dem Profil; für einen anderen eine Befehlszeile einfügen)</translation>
    </message>
</context>
<context>
    <name>belljar::LineField</name>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>not set (%1 to %2)</source>
        <translation>nicht gesetzt (%1 bis %2)</translation>
    </message>
    <message>
        <source>%1 (holds hidden characters: change it in the text)</source>
        <translation>%1 (enthält verborgene Zeichen: im Text ändern)</translation>
    </message>
</context>
<context>
    <name>belljar::ListEditor</name>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>New entry of %1</source>
        <translation>Neuer Eintrag von %1</translation>
    </message>
    <message>
        <source>new entry</source>
        <translation>neuer Eintrag</translation>
    </message>
    <message>
        <source>Add the new entry to %1</source>
        <translation>Den neuen Eintrag zu %1 hinzufügen</translation>
    </message>
    <message>
        <source>Remove the selected entry of %1</source>
        <translation>Den gewählten Eintrag von %1 entfernen</translation>
    </message>
    <message>
        <source>Masked, as it looks like a secret; F2 or a double click shows it for editing.</source>
        <translation>Verdeckt, da es nach einem Geheimnis aussieht; F2 oder ein Doppelklick zeigt es zum Bearbeiten.</translation>
    </message>
</context>
<context>
    <name>belljar::LivePage</name>
    <message>
        <source>%1 bytes of output came faster than they could be shown</source>
        <translation>%1 Bytes der Ausgabe kamen schneller, als sie gezeigt werden konnten</translation>
    </message>
    <message>
        <source>Filtering…</source>
        <translation>Filtern…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>not %1</source>
        <translation>nicht %1</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>von %1</translation>
    </message>
    <message>
        <source>Bookmarks (%1)</source>
        <translation>Lesezeichen (%1)</translation>
    </message>
    <message>
        <source>bookmarks</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>&amp;Save what is shown as a filter…</source>
        <translation>Gezeigtes als Filter &amp;speichern…</translation>
    </message>
    <message>
        <source>&amp;Remove a saved filter</source>
        <translation>Gespeicherten Filter &amp;entfernen</translation>
    </message>
    <message>
        <source>&amp;Clear all filters</source>
        <translation>&amp;Alle Filter aufheben</translation>
    </message>
    <message>
        <source>&amp;Highlights</source>
        <translation>&amp;Hervorhebungen</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Highlight what is shown now</source>
        <translation>Jetzt Gezeigtes hervorheben</translation>
    </message>
    <message>
        <source>Save the filter</source>
        <translation>Filter speichern</translation>
    </message>
    <message>
        <source>Name of the filter:</source>
        <translation>Name des Filters:</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>Verweigert</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Saved filters and highlights</source>
        <translation>Gespeicherte Filter und Hervorhebungen</translation>
    </message>
    <message>
        <source>Only what was denied and exists</source>
        <translation>Nur Verweigertes, das es gibt</translation>
    </message>
    <message>
        <source>Group events by</source>
        <translation>Ereignisse gruppieren nach</translation>
    </message>
    <message>
        <source>No groups</source>
        <translation>Keine Gruppen</translation>
    </message>
    <message>
        <source>By %1</source>
        <translation>Nach %1</translation>
    </message>
    <message>
        <source>Keep the newest event in sight; scrolling up pauses</source>
        <translation>Das neueste Ereignis im Blick behalten; Hochrollen hält an</translation>
    </message>
    <message>
        <source>Processes; Enter shows only the events of one and of what it started</source>
        <translation>Prozesse; Enter zeigt nur die Ereignisse von einem und von dem, was er gestartet hat</translation>
    </message>
    <message>
        <source>Groups of events; Enter shows the events of one</source>
        <translation>Gruppen von Ereignissen; Enter zeigt die Ereignisse von einer</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>verweigert</translation>
    </message>
    <message>
        <source>%1 s to %2 s</source>
        <translation>%1 s bis %2 s</translation>
    </message>
    <message>
        <source>from process %1</source>
        <translation>von Prozess %1</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Note at event %1; without text it is only a bookmark:</source>
        <translation>Notiz zu Ereignis %1; ohne Text ist sie nur ein Lesezeichen:</translation>
    </message>
</context>
<context>
    <name>belljar::MainWindow</name>
    <message>
        <source>Running as root. A sandbox started by root protects less, and files that this app writes belong to root. Start it as a normal user.</source>
        <translation>Läuft als root. Eine von root gestartete Sandbox schützt weniger, und Dateien, die diese Anwendung schreibt, gehören root. Starten Sie sie als normaler Benutzer.</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Go to the next denial, and why (F8)</source>
        <translation>Zur nächsten Verweigerung, mit Grund (F8)</translation>
    </message>
    <message>
        <source>Not running</source>
        <translation>Läuft nicht</translation>
    </message>
    <message>
        <source>Running, recording</source>
        <translation>Läuft, zeichnet auf</translation>
    </message>
    <message>
        <source>%1 running, recording</source>
        <translation>%1 laufen, zeichnen auf</translation>
    </message>
    <message>
        <source>%1 events</source>
        <translation>%1 Ereignisse</translation>
    </message>
    <message>
        <source>%1 events (%2 only in the recording)</source>
        <translation>%1 Ereignisse (%2 nur in der Aufzeichnung)</translation>
    </message>
    <message>
        <source>%1 denied</source>
        <translation>%1 verweigert</translation>
    </message>
    <message>
        <source>%1 lost</source>
        <translation>%1 verloren</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>Watched: %1</source>
        <translation>Beobachtet: %1</translation>
    </message>
    <message>
        <source>The kernel source is not to be had: %1</source>
        <translation>Die Kernel-Quelle ist nicht zu haben: %1</translation>
    </message>
    <message>
        <source>%1[*] – Belljar</source>
        <translation>%1[*] – Belljar</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>Exportiert nach %1</translation>
    </message>
    <message>
        <source>The profile has changed since this run: its line %1 may be another one now.</source>
        <translation>Das Profil hat sich seit diesem Lauf geändert: Seine Zeile %1 kann jetzt eine andere sein.</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;New profile…</source>
        <translation>&amp;Neues Profil…</translation>
    </message>
    <message>
        <source>&amp;Try the sample</source>
        <translation>&amp;Beispiel ausprobieren</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Open profile</source>
        <translation>Profil öffnen</translation>
    </message>
    <message>
        <source>Open recor&amp;ding…</source>
        <translation>Aufzeic&amp;hnung öffnen…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation>Ctrl+Shift+O</translation>
    </message>
    <message>
        <source>Open recording</source>
        <translation>Aufzeichnung öffnen</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Speichern &amp;unter…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+S</source>
        <translation>Ctrl+Shift+S</translation>
    </message>
    <message>
        <source>&amp;Export JSON…</source>
        <translation>JSON &amp;exportieren…</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation>Ctrl+E</translation>
    </message>
    <message>
        <source>Export JSON</source>
        <translation>JSON exportieren</translation>
    </message>
    <message>
        <source>Save re&amp;cording…</source>
        <translation>Aufzeichnung s&amp;peichern…</translation>
    </message>
    <message>
        <source>Save recording</source>
        <translation>Aufzeichnung speichern</translation>
    </message>
    <message>
        <source>Export e&amp;vents…</source>
        <translation>E&amp;reignisse exportieren …</translation>
    </message>
    <message>
        <source>Export the events that are shown</source>
        <translation>Die gezeigten Ereignisse exportieren</translation>
    </message>
    <message>
        <source>Table (%1)</source>
        <translation>Tabelle (%1)</translation>
    </message>
    <message>
        <source>JSON lines (%1)</source>
        <translation>JSON-Zeilen (%1)</translation>
    </message>
    <message>
        <source>Database (%1)</source>
        <translation>Datenbank (%1)</translation>
    </message>
    <message>
        <source>Text (%1)</source>
        <translation>Text (%1)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Z</source>
        <translation>Ctrl+Shift+Z</translation>
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation>Ctrl+Y</translation>
    </message>
    <message>
        <source>Compare with the &amp;saved version</source>
        <translation>Mit &amp;gespeicherter Fassung vergleichen</translation>
    </message>
    <message>
        <source>Ctrl+D</source>
        <translation>Ctrl+D</translation>
    </message>
    <message>
        <source>Compare with &amp;another profile</source>
        <translation>Mit &amp;anderem Profil vergleichen</translation>
    </message>
    <message>
        <source>&amp;Migrate to schema 0.8</source>
        <translation>Auf Schema 0.8 &amp;migrieren</translation>
    </message>
    <message>
        <source>Find a &amp;command or field…</source>
        <translation>&amp;Befehl oder Feld suchen…</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>&amp;Find or filter</source>
        <translation>&amp;Suchen oder filtern</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Ausführen</translation>
    </message>
    <message>
        <source>&amp;Run in the sandbox</source>
        <translation>In der Sandbox &amp;ausführen</translation>
    </message>
    <message>
        <source>Show what &amp;would run…</source>
        <translation>&amp;Zeigen, was laufen würde…</translation>
    </message>
    <message>
        <source>Shift+F5</source>
        <translation>Shift+F5</translation>
    </message>
    <message>
        <source>Run &amp;history…</source>
        <translation>&amp;Verlauf der Läufe…</translation>
    </message>
    <message>
        <source>Ctrl+H</source>
        <translation>Ctrl+H</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Stoppen</translation>
    </message>
    <message>
        <source>Ctrl+.</source>
        <translation>Ctrl+.</translation>
    </message>
    <message>
        <source>Stop &amp;all sessions</source>
        <translation>Alle Sitzungen st&amp;oppen</translation>
    </message>
    <message>
        <source>Ctrl+Shift+.</source>
        <translation>Ctrl+Shift+.</translation>
    </message>
    <message>
        <source>New session &amp;tab</source>
        <translation>Neuer Sitzungs&amp;tab</translation>
    </message>
    <message>
        <source>Ctrl+T</source>
        <translation>Ctrl+T</translation>
    </message>
    <message>
        <source>&amp;Close session tab</source>
        <translation>Sitzungstab s&amp;chließen</translation>
    </message>
    <message>
        <source>Ctrl+W</source>
        <translation>Ctrl+W</translation>
    </message>
    <message>
        <source>In a &amp;terminal</source>
        <translation>&amp;In einem Terminal</translation>
    </message>
    <message>
        <source>Gives the program a terminal to type into; otherwise it has no input, and its standard output and standard error are shown apart.</source>
        <translation>Gibt dem Programm ein Terminal zum Eintippen; sonst hat es keine Eingabe, und Standardausgabe und Standardfehlerausgabe werden getrennt gezeigt.</translation>
    </message>
    <message>
        <source>As&amp;k about the network</source>
        <translation>Zum Netz&amp;werk fragen</translation>
    </message>
    <message>
        <source>Holds what no rule of a filtered network covers until you answer; without an answer it is denied once, and no rule is written.</source>
        <translation>Hält an, was keine Regel eines gefilterten Netzwerks abdeckt, bis Sie antworten; ohne Antwort wird es dieses Mal verweigert, und keine Regel wird geschrieben.</translation>
    </message>
    <message>
        <source>&amp;Next denial</source>
        <translation>&amp;Nächste Verweigerung</translation>
    </message>
    <message>
        <source>&amp;Previous denial</source>
        <translation>Vo&amp;rige Verweigerung</translation>
    </message>
    <message>
        <source>A program is running</source>
        <translation>Ein Programm läuft</translation>
    </message>
    <message>
        <source>%1 is still running. Stop it and close its tab?</source>
        <translation>%1 läuft noch. Stoppen und den Tab schließen?</translation>
    </message>
    <message>
        <source>That run was under a profile that was never saved. Its command is in the line above; choose a profile for it.</source>
        <translation>Dieser Lauf hatte ein Profil, das nie gespeichert wurde. Sein Befehl steht in der Zeile oben; wählen Sie ein Profil dafür.</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>Noch nichts</translation>
    </message>
    <message>
        <source>Save profile</source>
        <translation>Profil speichern</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>The profile %1 has unsaved changes.</source>
        <translation>Das Profil %1 hat ungespeicherte Änderungen.</translation>
    </message>
    <message>
        <source>Recording saved as %1</source>
        <translation>Aufzeichnung gespeichert als %1</translation>
    </message>
    <message>
        <source>The sandbox sees only what the profile grants. Let it read %1?</source>
        <translation>Die Sandbox sieht nur, was das Profil freigibt. Soll sie %1 lesen dürfen?</translation>
    </message>
    <message>
        <source>Grant read only</source>
        <translation>Nur zum Lesen freigeben</translation>
    </message>
    <message>
        <source>grant %1</source>
        <translation>%1 freigeben</translation>
    </message>
    <message>
        <source>a profile without a file</source>
        <translation>ein Profil ohne Datei</translation>
    </message>
    <message>
        <source>Belljar ended without saving edits of %1, made until %2.</source>
        <translation>Belljar endete, ohne Änderungen an %1 zu speichern, vorgenommen bis %2.</translation>
    </message>
    <message>
        <source>Restore the edits</source>
        <translation>Änderungen wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>A&amp;nsicht</translation>
    </message>
    <message>
        <source>&amp;Home</source>
        <translation>&amp;Start</translation>
    </message>
    <message>
        <source>Ctrl+1</source>
        <translation>Ctrl+1</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation>&amp;Profil</translation>
    </message>
    <message>
        <source>Ctrl+2</source>
        <translation>Ctrl+2</translation>
    </message>
    <message>
        <source>&amp;Live</source>
        <translation>&amp;Live</translation>
    </message>
    <message>
        <source>Ctrl+3</source>
        <translation>Ctrl+3</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>Wie das S&amp;ystem</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>&amp;High contrast</source>
        <translation>Hoher &amp;Kontrast</translation>
    </message>
    <message>
        <source>&amp;Language (at the next start)</source>
        <translation>&amp;Sprache (ab dem nächsten Start)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Help…</source>
        <translation>&amp;Hilfe…</translation>
    </message>
    <message>
        <source>&amp;Keyboard</source>
        <translation>&amp;Tastatur</translation>
    </message>
    <message>
        <source>&amp;About Belljar</source>
        <translation>Ü&amp;ber Belljar</translation>
    </message>
    <message>
        <source>About Belljar</source>
        <translation>Über Belljar</translation>
    </message>
    <message>
        <source>Belljar %1
Runs a program under a policy and shows everything it tries.
MIT licence.</source>
        <translation>Belljar %1
Führt ein Programm unter einer Richtlinie aus und zeigt alles, was es versucht.
MIT-Lizenz.</translation>
    </message>
    <message>
        <source>Ctrl+1, Ctrl+2, Ctrl+3	Home, profile, live
F5, Ctrl+.	Run, stop
Ctrl+Shift+.	Stop all sessions
Ctrl+T, Ctrl+W	New session tab, close it
Ctrl+H	Run something of before again
Shift+F5	Show what would run, and the same for a terminal
F8, Shift+F8	Next, previous denial
Enter	Explain the selected event; go to the selected problem
Ctrl+K	Find any command or field
Ctrl+F	Find in the text; filter the events
= - H T G	In the events: show only, hide, highlight the value; its process tree; group by it
M N Backspace	Bookmark, note; take back the last condition
End	Follow the newest event
Ctrl+Z, Ctrl+Y	Undo, redo in form and text alike
Ctrl+N, Ctrl+O, Ctrl+S, Ctrl+E	New, open, save, export
Escape, then Tab	Leaves the text editor</source>
        <translation>Strg+1, Strg+2, Strg+3	Start, Profil, Live
F5, Strg+.	Ausführen, stoppen
Strg+Umschalt+.	Alle Sitzungen stoppen
Strg+T, Strg+W	Neuer Sitzungstab, ihn schließen
Strg+H	Früheres erneut ausführen
Umschalt+F5	Zeigen, was laufen würde, und dasselbe für ein Terminal
F8, Umschalt+F8	Nächste, vorige Verweigerung
Enter	Das gewählte Ereignis erklären; zum gewählten Problem gehen
Strg+K	Beliebigen Befehl oder Feld suchen
Strg+F	Im Text suchen; die Ereignisse filtern
= - H T G	In den Ereignissen: Wert allein zeigen, ausblenden, hervorheben; sein Prozessbaum; danach gruppieren
M N Rücktaste	Lesezeichen, Notiz; letzte Bedingung zurücknehmen
Ende	Dem neuesten Ereignis folgen
Strg+Z, Strg+Y	Rückgängig, wiederholen, in Formular und Text gleichermaßen
Strg+N, Strg+O, Strg+S, Strg+E	Neu, öffnen, speichern, exportieren
Escape, dann Tab	Verlässt den Texteditor</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
</context>
<context>
    <name>belljar::MessageBar</name>
    <message>
        <source>Where: %1</source>
        <translation>Wo: %1</translation>
    </message>
    <message>
        <source>Fix: %1</source>
        <translation>Abhilfe: %1</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
</context>
<context>
    <name>belljar::NetworkEditor</name>
    <message>
        <source>Add rule</source>
        <translation>Regel hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Show in text</source>
        <translation>Im Text zeigen</translation>
    </message>
    <message>
        <source>A denial always wins. What no rule names is decided by "Otherwise" below.</source>
        <translation>Eine Verweigerung gewinnt immer. Was keine Regel nennt, entscheidet "Otherwise" unten.</translation>
    </message>
    <message>
        <source>Network rules</source>
        <translation>Netzwerkregeln</translation>
    </message>
    <message>
        <source>Whether the new rule allows or denies</source>
        <translation>Ob die neue Regel erlaubt oder verweigert</translation>
    </message>
    <message>
        <source>allow</source>
        <translation>erlauben</translation>
    </message>
    <message>
        <source>deny</source>
        <translation>verweigern</translation>
    </message>
    <message>
        <source>New network rule</source>
        <translation>Neue Netzwerkregel</translation>
    </message>
    <message>
        <source>10.0.0.0/8:443/tcp, *:53/udp or www.example.org:443</source>
        <translation>10.0.0.0/8:443/tcp, *:53/udp oder www.example.org:443</translation>
    </message>
</context>
<context>
    <name>belljar::NetworkRuleModel</name>
    <message>
        <source>add network rule</source>
        <translation>Netzwerkregel hinzufügen</translation>
    </message>
    <message>
        <source>remove network rule</source>
        <translation>Netzwerkregel entfernen</translation>
    </message>
    <message>
        <source>allow</source>
        <translation>erlauben</translation>
    </message>
    <message>
        <source>deny</source>
        <translation>verweigern</translation>
    </message>
    <message>
        <source>%1 %2, ports %3, %4</source>
        <translation>%1 %2, Ports %3, %4</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Bemerkungen</translation>
    </message>
    <message>
        <source>change host name</source>
        <translation>Hostnamen ändern</translation>
    </message>
    <message>
        <source>change network rule</source>
        <translation>Netzwerkregel ändern</translation>
    </message>
</context>
<context>
    <name>belljar::NewProfileDialog</name>
    <message>
        <source>New profile</source>
        <translation>Neues Profil</translation>
    </message>
    <message>
        <source>Templates</source>
        <translation>Vorlagen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>Leer</translation>
    </message>
    <message>
        <source>Grants nothing but the system's own programs and libraries.</source>
        <translation>Gibt nichts frei außer den Programmen und Bibliotheken des Systems.</translation>
    </message>
    <message>
        <source>The chosen template</source>
        <translation>Die gewählte Vorlage</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>Anlegen</translation>
    </message>
</context>
<context>
    <name>belljar::OutcomeBar</name>
    <message>
        <source>Save recording…</source>
        <translation>Aufzeichnung speichern…</translation>
    </message>
    <message>
        <source>How the run ended</source>
        <translation>Wie der Lauf endete</translation>
    </message>
    <message>
        <source>Nothing has run yet. F5 runs the profile's command.</source>
        <translation>Noch ist nichts gelaufen. F5 führt den Befehl des Profils aus.</translation>
    </message>
    <message>
        <source>Running: %1</source>
        <translation>Läuft: %1</translation>
    </message>
    <message>
        <source>%1 events were lost (%2 at the source, %3 when recording, %4 on the way here).</source>
        <translation>%1 Ereignisse gingen verloren (%2 an der Quelle, %3 beim Aufzeichnen, %4 auf dem Weg hierher).</translation>
    </message>
    <message>
        <source>The program did not start. %1</source>
        <translation>Das Programm ist nicht gestartet. %1</translation>
    </message>
    <message>
        <source>The program %1.</source>
        <translation>Das Programm: %1.</translation>
    </message>
    <message>
        <source>Opening %1…</source>
        <translation>%1 wird geöffnet…</translation>
    </message>
    <message>
        <source>A recording of: %1</source>
        <translation>Aufzeichnung von: %1</translation>
    </message>
    <message>
        <source>The session did not end in an orderly way.</source>
        <translation>Die Sitzung endete nicht ordnungsgemäß.</translation>
    </message>
    <message>
        <source>The file is damaged; everything before is shown: %1</source>
        <translation>Die Datei ist beschädigt; alles davor wird gezeigt: %1</translation>
    </message>
</context>
<context>
    <name>belljar::OutputView</name>
    <message>
        <source>Standard error</source>
        <translation>Standardfehlerausgabe</translation>
    </message>
    <message>
        <source>Program output</source>
        <translation>Programmausgabe</translation>
    </message>
    <message>
        <source>Standard output</source>
        <translation>Standardausgabe</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>Terminal</translation>
    </message>
    <message>
        <source>What the program writes is shown here.</source>
        <translation>Hier steht, was das Programm ausgibt.</translation>
    </message>
    <message>
        <source>Nothing yet. Standard input of the program is empty.</source>
        <translation>Noch nichts. Die Standardeingabe des Programms ist leer.</translation>
    </message>
    <message>
        <source>A recording holds what a program tried, not what it wrote.</source>
        <translation>Eine Aufzeichnung enthält, was ein Programm versucht hat, nicht seine Ausgabe.</translation>
    </message>
    <message>
        <source>%1 (written)</source>
        <translation>%1 (geschrieben)</translation>
    </message>
</context>
<context>
    <name>belljar::PathPicker</name>
    <message>
        <source>Choose a path</source>
        <translation>Pfad wählen</translation>
    </message>
    <message>
        <source>Files and folders of this machine</source>
        <translation>Dateien und Ordner dieses Rechners</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Does not exist on this machine, or cannot be looked at.</source>
        <translation>Gibt es auf diesem Rechner nicht oder lässt sich nicht ansehen.</translation>
    </message>
    <message>
        <source>Link: %1 → %2</source>
        <translation>Link: %1 → %2</translation>
    </message>
    <message>
        <source>Real path: %1</source>
        <translation>Tatsächlicher Pfad: %1</translation>
    </message>
    <message>
        <source>Owner: %1</source>
        <translation>Eigentümer: %1</translation>
    </message>
    <message>
        <source>Folder with very many entries</source>
        <translation>Ordner mit sehr vielen Einträgen</translation>
    </message>
    <message>
        <source>Folder with %1 entries</source>
        <translation>Ordner mit %1 Einträgen</translation>
    </message>
    <message>
        <source>File of %1</source>
        <translation>Datei mit %1</translation>
    </message>
    <message>
        <source>With the profile as it is now:</source>
        <translation>Mit dem Profil, wie es jetzt ist:</translation>
    </message>
</context>
<context>
    <name>belljar::PathRuleModel</name>
    <message>
        <source>not on this machine</source>
        <translation>nicht auf diesem Rechner</translation>
    </message>
    <message>
        <source>cannot be looked at</source>
        <translation>lässt sich nicht ansehen</translation>
    </message>
    <message>
        <source>links in a circle</source>
        <translation>Links im Kreis</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>socket, pipe or device</source>
        <translation>Socket, Pipe oder Gerät</translation>
    </message>
    <message>
        <source>read + write</source>
        <translation>lesen + schreiben</translation>
    </message>
    <message>
        <source>read only</source>
        <translation>nur lesen</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>verweigert</translation>
    </message>
    <message>
        <source>through a link to %1</source>
        <translation>über einen Link zu %1</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>add path</source>
        <translation>Pfad hinzufügen</translation>
    </message>
    <message>
        <source>remove path</source>
        <translation>Pfad entfernen</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>this file</source>
        <translation>diese Datei</translation>
    </message>
    <message>
        <source>%1, %2, %3, %4</source>
        <translation>%1, %2, %3, %4</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>Zugriff</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Rechner</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>change path</source>
        <translation>Pfad ändern</translation>
    </message>
    <message>
        <source>change access</source>
        <translation>Zugriff ändern</translation>
    </message>
</context>
<context>
    <name>belljar::PathTable</name>
    <message>
        <source>Access</source>
        <translation>Zugriff</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Add path</source>
        <translation>Pfad hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Show in text</source>
        <translation>Im Text zeigen</translation>
    </message>
    <message>
        <source>What no rule names is absent in the sandbox. The most specific path decides. Folders and files can be dropped here.</source>
        <translation>Was keine Regel nennt, ist in der Sandbox nicht vorhanden. Der genaueste Pfad entscheidet. Ordner und Dateien können hierher gezogen werden.</translation>
    </message>
    <message>
        <source>Path rules</source>
        <translation>Pfadregeln</translation>
    </message>
    <message>
        <source>New path</source>
        <translation>Neuer Pfad</translation>
    </message>
    <message>
        <source>/path to allow or deny; may begin with ~, ${CWD} or ${PROFILE_DIR}</source>
        <translation>/pfad, der erlaubt oder verweigert wird; darf mit ~, ${CWD} oder ${PROFILE_DIR} beginnen</translation>
    </message>
    <message>
        <source>Access of the new path</source>
        <translation>Zugriff des neuen Pfads</translation>
    </message>
</context>
<context>
    <name>belljar::PlainEditor</name>
    <message>
        <source>Find next</source>
        <translation>Weitersuchen</translation>
    </message>
    <message>
        <source>Text to find</source>
        <translation>Gesuchter Text</translation>
    </message>
    <message>
        <source>Find in the text, Esc closes</source>
        <translation>Im Text suchen, Esc schließt</translation>
    </message>
    <message>
        <source>Profile text, JSON. Escape, then Tab leaves the editor.</source>
        <translation>Profiltext, JSON. Escape, dann Tab verlässt den Editor.</translation>
    </message>
    <message>
        <source>What may stand here</source>
        <translation>Was hier stehen kann</translation>
    </message>
    <message>
        <source>This editor cannot show the text as it is: a line has more than %1 characters, or there are characters in it that must be written as \u0000, \u2028 or \u2029. The form works all the same.</source>
        <translation>Dieser Editor kann den Text nicht zeigen, wie er ist: Eine Zeile hat mehr als %1 Zeichen, oder er enthält Zeichen, die als \u0000, \u2028 oder \u2029 geschrieben werden müssen. Das Formular funktioniert trotzdem.</translation>
    </message>
    <message>
        <source>typing</source>
        <translation>Tippen</translation>
    </message>
    <message>
        <source>%1    %2</source>
        <translation>%1    %2</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>vervollständigen</translation>
    </message>
</context>
<context>
    <name>belljar::PreflightDialog</name>
    <message>
        <source>What would run</source>
        <translation>Was laufen würde</translation>
    </message>
    <message>
        <source>The sandbox in detail</source>
        <translation>Die Sandbox im Einzelnen</translation>
    </message>
    <message>
        <source>There is no plan: %1</source>
        <translation>Es gibt keinen Plan: %1</translation>
    </message>
    <message>
        <source>The sandbox in &amp;detail, as belljar plan shows it:</source>
        <translation>&amp;Die Sandbox im Einzelnen, wie belljar plan sie zeigt:</translation>
    </message>
    <message>
        <source>&amp;Show secrets</source>
        <translation>&amp;Geheimes zeigen</translation>
    </message>
    <message>
        <source>Something here looks like a password, a key or a token, and is masked</source>
        <translation>Etwas hier sieht nach Passwort, Schlüssel oder Token aus und ist verdeckt</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Ausführen</translation>
    </message>
    <message>
        <source>What is missing or worth knowing</source>
        <translation>Was fehlt oder wissenswert ist</translation>
    </message>
    <message>
        <source>Problems: %1</source>
        <translation>Probleme: %1</translation>
    </message>
    <message>
        <source>The same in a terminal</source>
        <translation>Dasselbe im Terminal</translation>
    </message>
    <message>
        <source>Save the profile first: in a terminal it is read from its file.</source>
        <translation>Speichern Sie zuerst das Profil: Im Terminal wird es aus seiner Datei gelesen.</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>The same in a &amp;terminal:</source>
        <translation>Dasselbe im &amp;Terminal:</translation>
    </message>
</context>
<context>
    <name>belljar::ProcessTreeModel</name>
    <message>
        <source>ended, %1</source>
        <translation>beendet, %1</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>%1: %2 events, %3 denied, %4</source>
        <translation>%1: %2 Ereignisse, %3 verweigert, %4</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>Prozess</translation>
    </message>
    <message>
        <source>Exit</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>Verweigert</translation>
    </message>
</context>
<context>
    <name>belljar::ProfileDocument</name>
    <message>
        <source>untitled</source>
        <translation>unbenannt</translation>
    </message>
</context>
<context>
    <name>belljar::ProfileForm</name>
    <message>
        <source>Sections of the profile</source>
        <translation>Abschnitte des Profils</translation>
    </message>
    <message>
        <source>Partly enforced: %1</source>
        <translation>Teilweise durchgesetzt: %1</translation>
    </message>
    <message>
        <source>Not enforced yet: %1</source>
        <translation>Noch nicht durchgesetzt: %1</translation>
    </message>
    <message>
        <source>Not possible here: %1</source>
        <translation>Hier nicht möglich: %1</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>Since schema %1.</source>
        <translation>Seit Schema %1.</translation>
    </message>
    <message>
        <source>Acts on: %1.</source>
        <translation>Wirkt auf: %1.</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1, problems: %2</source>
        <translation>%1, Probleme: %2</translation>
    </message>
    <message>
        <source>change %1</source>
        <translation>%1 ändern</translation>
    </message>
</context>
<context>
    <name>belljar::ProfilePage</name>
    <message>
        <source>Apply the fix</source>
        <translation>Abhilfe anwenden</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Other systems</source>
        <translation>Andere Systeme</translation>
    </message>
    <message>
        <source>Apply the fix of the selected problem</source>
        <translation>Die Abhilfe des gewählten Problems anwenden</translation>
    </message>
    <message>
        <source>Alt+F</source>
        <translation>Alt+F</translation>
    </message>
    <message>
        <source>Changes the profile as the selected problem says; can be undone (Alt+F)</source>
        <translation>Ändert das Profil, wie es das gewählte Problem angibt; lässt sich rückgängig machen (Alt+F)</translation>
    </message>
    <message>
        <source>Problems of the profile; Enter goes to the line</source>
        <translation>Probleme des Profils; Enter führt zur Zeile</translation>
    </message>
    <message>
        <source>fix %1</source>
        <translation>%1 beheben</translation>
    </message>
    <message>
        <source>The form shows the last valid state and cannot be changed until the text is valid again.</source>
        <translation>Das Formular zeigt den letzten gültigen Stand und lässt sich erst ändern, wenn der Text wieder gültig ist.</translation>
    </message>
    <message>
        <source>Problems: %1</source>
        <translation>Probleme: %1</translation>
    </message>
</context>
<context>
    <name>belljar::QueryBar</name>
    <message>
        <source>Query: which events to show</source>
        <translation>Abfrage: welche Ereignisse gezeigt werden</translation>
    </message>
    <message>
        <source>Filter, such as  verdict=denied path:/etc/*   (Ctrl+F)</source>
        <translation>Filter, etwa  verdict=denied path:/etc/*   (Strg+F)</translation>
    </message>
    <message>
        <source>What is wrong with the query</source>
        <translation>Was an der Abfrage falsch ist</translation>
    </message>
    <message>
        <source>Proposals</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>Everything is shown</source>
        <translation>Alles wird gezeigt</translation>
    </message>
    <message>
        <source>The query is valid</source>
        <translation>Die Abfrage ist gültig</translation>
    </message>
    <message>
        <source>The query is not complete</source>
        <translation>Die Abfrage ist unvollständig</translation>
    </message>
    <message>
        <source>The query is wrong</source>
        <translation>Die Abfrage ist falsch</translation>
    </message>
</context>
<context>
    <name>belljar::QueryCompletion</name>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n Ereignisse</numerusform><numerusform>%n Ereignisse</numerusform></translation>
    </message>
    <message>
        <source>%1, %2 denied</source>
        <translation>%1, %2 verweigert</translation>
    </message>
    <message>
        <source>none so far</source>
        <translation>bisher keine</translation>
    </message>
</context>
<context>
    <name>belljar::RecordEditor</name>
    <message>
        <source>everything</source>
        <translation>alles</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>%1 of a new entry of %2</source>
        <translation>%1 eines neuen Eintrags von %2</translation>
    </message>
    <message>
        <source>new entry: %1</source>
        <translation>neuer Eintrag: %1</translation>
    </message>
    <message>
        <source>Add the new entry to %1</source>
        <translation>Den neuen Eintrag zu %1 hinzufügen</translation>
    </message>
    <message>
        <source>Remove the selected entry of %1</source>
        <translation>Den gewählten Eintrag von %1 entfernen</translation>
    </message>
</context>
<context>
    <name>belljar::RunHistory</name>
    <message>
        <source>(the profile's command)</source>
        <translation>(der Befehl des Profils)</translation>
    </message>
    <message>
        <source>(a profile without a file)</source>
        <translation>(ein Profil ohne Datei)</translation>
    </message>
    <message>
        <source>1 run</source>
        <translation>1 Lauf</translation>
    </message>
    <message>
        <source>%1 runs</source>
        <translation>%1 Läufe</translation>
    </message>
    <message>
        <source>Pinned: %1</source>
        <translation>Angeheftet: %1</translation>
    </message>
</context>
<context>
    <name>belljar::SessionTab</name>
    <message>
        <source>%1 – asks</source>
        <translation>%1 – fragt</translation>
    </message>
    <message>
        <source>%1 – runs</source>
        <translation>%1 – läuft</translation>
    </message>
    <message>
        <source>rule for %1</source>
        <translation>Regel für %1</translation>
    </message>
</context>
<context>
    <name>belljar::SessionTabs</name>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
    </message>
</context>
<context>
    <name>belljar::SystemsPane</name>
    <message>
        <source>enforced</source>
        <translation>durchgesetzt</translation>
    </message>
    <message>
        <source>partly</source>
        <translation>teilweise</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>noch nicht</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>no effect</source>
        <translation>ohne Wirkung</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>What becomes of each field that the profile sets, on each containment. "Accepted" is what MXC takes where this Belljar does not have the containment yet.</source>
        <translation>Was aus jedem Feld, das das Profil setzt, in jeder Sandbox-Art wird. „Angenommen“ ist, was MXC annimmt, wo dieses Belljar die Sandbox-Art noch nicht hat.</translation>
    </message>
    <message>
        <source>The profile on each containment</source>
        <translation>Das Profil in jeder Sandbox-Art</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1 on %2: %3. %4</source>
        <translation>%1 in %2: %3. %4</translation>
    </message>
    <message>
        <source>Choose a cell to read why.</source>
        <translation>Wählen Sie eine Zelle, um den Grund zu lesen.</translation>
    </message>
</context>
<context>
    <name>belljar::TerminalView</name>
    <message>
        <source>Terminal</source>
        <translation>Terminal</translation>
    </message>
    <message>
        <source>Keys go to the program. F6 leaves the terminal.</source>
        <translation>Tasten gehen an das Programm. F6 verlässt das Terminal.</translation>
    </message>
    <message>
        <source>The program has ended; the arrow keys scroll.</source>
        <translation>Das Programm ist beendet; die Pfeiltasten rollen.</translation>
    </message>
    <message>
        <source><byte value="x18" /><byte value="xd" />
[%1 bytes were too many to show]<byte value="xd" />
</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Copy	Ctrl+Shift+C</source>
        <translation>&amp;Kopieren	Ctrl+Shift+C</translation>
    </message>
    <message>
        <source>&amp;Paste	Ctrl+Shift+V</source>
        <translation>&amp;Einfügen	Ctrl+Shift+V</translation>
    </message>
</context>
<context>
    <name>belljar::Timeline</name>
    <message>
        <source>Timeline: arrow keys move, with Shift choose a time, Enter shows only that, Escape all, plus and minus zoom</source>
        <translation>Zeitleiste: Pfeiltasten bewegen, mit Umschalt wählen sie eine Zeit, Enter zeigt nur diese, Escape alles, Plus und Minus zoomen</translation>
    </message>
    <message>
        <source>all others</source>
        <translation>alle anderen</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Noch ist nichts geschehen</translation>
    </message>
    <message>
        <source>%1, %2 to %3: about %4 events, %5 denied</source>
        <translation>%1, %2 bis %3: etwa %4 Ereignisse, %5 verweigert</translation>
    </message>
    <message>
        <source>The timeline shows what happens when.</source>
        <translation>Die Zeitleiste zeigt, was wann geschieht.</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>Prozesse</translation>
    </message>
    <message>
        <source>Events missing</source>
        <translation>Fehlende Ereignisse</translation>
    </message>
</context>
<context>
    <name>belljar::WebBridge</name>
    <message>
        <source>typing</source>
        <translation>Tippen</translation>
    </message>
</context>
<context>
    <name>belljar::WebEditor</name>
    <message>
        <source>its page could not be loaded</source>
        <translation>seine Seite ließ sich nicht laden</translation>
    </message>
    <message>
        <source>its process ended (code %1)</source>
        <translation>sein Prozess endete (Code %1)</translation>
    </message>
    <message>
        <source>it did not start in time</source>
        <translation>er startete nicht rechtzeitig</translation>
    </message>
</context>
</TS>
