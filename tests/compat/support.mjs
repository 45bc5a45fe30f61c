// What the scenarios share: the SDK as npm installed it, runs in both modes, folders, and a look at what a run left.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const modules = path.join(process.env.BELLJAR_MXC_SDK, 'node_modules');
export const sdk = await import(pathToFileURL(path.join(modules, '@microsoft/mxc-sdk/dist/index.js')).href);

// Without MXC_BIN_DIR the SDK takes the executor of its own package: Microsoft's.
export const onPeer = !process.env.MXC_BIN_DIR;
export const VERSION = '0.8.0-alpha';
const PATIENCE = 30_000;

// The SDK needs node-pty's native part, for which npm has ready-made files for some systems only.
let ptyMissing = '';
try {
    const pty = await import(pathToFileURL(path.join(modules, 'node-pty/lib/index.js')).href);
    pty.default.spawn('true', [], {}).onExit(() => {});
} catch (problem) {
    ptyMissing = `node-pty does not work here: ${String(problem.message).split('\n')[0]}`;
}
export const needsPty = ptyMissing ? { skip: ptyMissing } : {};

// One test. With `peerFails`, the reason, Microsoft's own executor fails it; should it pass one day, that is reported.
export function scenario(name, options, body) {
    if (typeof options === 'function') [options, body] = [{}, options];
    const { peerFails, ...others } = options;
    const settings = { timeout: 4 * PATIENCE, ...others };
    if (!onPeer || !peerFails) return test(name, settings, body);
    return test(`${name} (fails here: ${peerFails})`, settings, async (context) => {
        await assert.rejects(async () => body(context), assert.AssertionError, 'it passes here now: take away its peerFails');
    });
}

// A fresh folder, removed after the test. Not below /tmp: every sandbox has its own.
export function freshFolder(context) {
    const folder = fs.mkdtempSync('/var/tmp/belljar-compat-');
    context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    return folder;
}

export function file(folder, name, text) {
    const whole = path.join(folder, name);
    fs.mkdirSync(path.dirname(whole), { recursive: true });
    fs.writeFileSync(whole, text);
    return whole;
}

export function configOf(commandLine, policy = {}) {
    const config = sdk.createConfigFromPolicy({ version: VERSION, ...policy });
    config.process.commandLine = commandLine;
    return config;
}

// Starts in pipe mode. `done` resolves with { code, signal, out, err }, both streams as Buffer, when the run has ended and
// its streams are closed; `exited` with the same as texts as soon as the executor has ended.
export function start(config, { options = {}, input, cwd, env } = {}) {
    const child = sdk.spawnSandboxFromConfig(config, { usePty: false, ...options }, cwd, env);
    const parts = { out: [], err: [] };
    child.stdout.on('data', (data) => parts.out.push(data));
    child.stderr.on('data', (data) => parts.err.push(data));
    child.stdin.on('error', () => {}); // Who does not read its input is no failure of the writer.
    if (input !== undefined) child.stdin.end(input);
    const ended = (event, convert) => new Promise((resolve, reject) => {
        const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
        child.on('error', reject);
        child.on(event, async (code, signal) => {
            clearTimeout(late);
            if (event === 'exit') await sleep(50); // What it wrote last is on its way.
            resolve({ code, signal, out: convert(parts.out), err: convert(parts.err) });
        });
    });
    const exited = ended('exit', (list) => Buffer.concat(list).toString());
    const done = ended('close', (list) => Buffer.concat(list));
    // A test waits for one of the two; a failure to start reaches it there.
    exited.catch(() => {});
    done.catch(() => {});
    return { child, done, exited, parts };
}

// The same in one step and with texts; nothing is on the standard input unless said.
export async function run(config, settings = {}) {
    const { code, signal, out, err } = await start(config, { input: '', ...settings }).done;
    return { code, signal, out: out.toString(), err: err.toString() };
}

// Runs a command that must succeed and returns what it printed.
export async function outputOf(commandLine, policy, settings) {
    const result = await run(configOf(commandLine, policy), settings);
    assert.equal(result.code, 0, `${commandLine}: ${result.code}\n${result.out}${result.err}`);
    return result.out;
}

// Runs on a pseudo-terminal; `type(pty, output so far)` is called for every piece of output.
export function runPty(config, { options = {}, type = () => {}, cwd, env } = {}) {
    return new Promise((resolve) => {
        const pty = sdk.spawnSandboxFromConfig(config, options, cwd, env);
        const late = setTimeout(() => pty.kill('SIGKILL'), PATIENCE);
        let out = '';
        pty.onData((data) => type(pty, (out += data)));
        pty.onExit(({ exitCode, signal }) => {
            clearTimeout(late);
            resolve({ code: exitCode, signal, out });
        });
    });
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function eventually(condition, what, patience = 10_000) {
    for (const end = Date.now() + patience; !condition(); await sleep(20))
        assert.ok(Date.now() < end, `waited in vain for: ${what}`);
}

// A word to find processes by; whatever still has it in its command line at the end of the test is killed.
export function mark(context) {
    const word = `belljar-mark-${randomBytes(6).toString('hex')}`;
    context.after(() => {
        for (const pid of processesWith(word)) {
            try {
                process.kill(pid, 'SIGKILL');
            } catch {
                // It ended meanwhile.
            }
        }
    });
    return word;
}

export function processesWith(word) {
    const found = [];
    for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
            if (fs.readFileSync(`/proc/${pid}/cmdline`).includes(word)) found.push(Number(pid));
        } catch {
            // It ended meanwhile.
        }
    }
    return found;
}

// Nothing of a run may be left some time after it ended.
export async function nothingLeft(word) {
    await eventually(() => processesWith(word).length === 0, 'all processes of the run to be gone', onPeer ? 300 : 5000);
}

export const arch = os.arch() === 'arm64' ? 'arm64' : 'x64';
