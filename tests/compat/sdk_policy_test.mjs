// What a policy of the SDK does: files, network, discovery of tools and folders.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { configOf, file, freshFolder, outputOf, run, scenario, sdk } from './support.mjs';

scenario('this platform is said to be supported, by bubblewrap', () => {
    const support = sdk.getPlatformSupport();
    assert.equal(support.isSupported, true, support.reason);
    assert.ok(support.availableMethods.includes('bubblewrap'), support.availableMethods.join());
});

scenario('a read-only grant is read and not written', async (context) => {
    const folder = freshFolder(context);
    file(folder, 'note.txt', 'granted\n');
    const filesystem = { readonlyPaths: [folder] };
    assert.equal(await outputOf(`cat ${folder}/note.txt`, { filesystem }), 'granted\n');
    for (const attempt of [`echo x > ${folder}/new`, `echo x >> ${folder}/note.txt`, `rm ${folder}/note.txt`,
        `mv ${folder}/note.txt ${folder}/other`, `mkdir ${folder}/sub`, `chmod 777 ${folder}/note.txt`]) {
        const result = await run(configOf(attempt, { filesystem }));
        assert.notEqual(result.code, 0, attempt);
    }
    assert.deepEqual(fs.readdirSync(folder), ['note.txt']);
    assert.equal(fs.readFileSync(path.join(folder, 'note.txt'), 'utf8'), 'granted\n');
});

scenario('a read-write grant is the folder of the host', async (context) => {
    const folder = freshFolder(context);
    file(folder, 'old', 'old');
    await outputOf(`cd ${folder} && echo new > new && rm old && mkdir sub && mv new sub/`,
        { filesystem: { readwritePaths: [folder] } });
    assert.equal(fs.readFileSync(path.join(folder, 'sub/new'), 'utf8'), 'new\n');
    assert.ok(!fs.existsSync(path.join(folder, 'old')));
});

scenario('what is denied cannot be read below a grant', async (context) => {
    const folder = freshFolder(context);
    file(folder, 'secret/key', 'secret\n');
    file(folder, 'token', 'secret\n');
    fs.symlinkSync(path.join(folder, 'secret'), path.join(folder, 'link'));
    const control = { filesystem: { readwritePaths: [folder] } };
    const filesystem = { readwritePaths: [folder], deniedPaths: [`${folder}/secret`, `${folder}/token`] };
    for (const name of ['secret/key', 'token', 'link/key']) {
        assert.equal(await outputOf(`cat ${folder}/${name}`, control), 'secret\n');
        const result = await run(configOf(`cat ${folder}/${name}`, { filesystem }));
        assert.ok(!result.out.includes('secret'), `${name}: ${result.out}`);
    }
    assert.equal(fs.readFileSync(path.join(folder, 'secret/key'), 'utf8'), 'secret\n');
});

scenario('what is not granted is not there', async (context) => {
    const folder = freshFolder(context);
    const other = file(folder, 'other/data', 'not for you\n');
    fs.mkdirSync(path.join(folder, 'granted'));
    const policy = { filesystem: { readonlyPaths: [`${folder}/granted`] } };
    const result = await run(configOf(`cat ${other}`, policy));
    assert.notEqual(result.code, 0);
    assert.equal(result.out, '');
    assert.equal(await outputOf('ls -A /home /root /var/lib 2>/dev/null | wc -l'), '0\n');
    assert.equal(fs.readFileSync(other, 'utf8'), 'not for you\n', 'a control outside');
});

scenario('the deeper of two grants decides, and the stricter of two for the same path', async (context) => {
    const folder = freshFolder(context);
    file(folder, 'sub/in', 'in\n');
    const write = `echo x > ${folder}/sub/new`;
    const deeper = { readonlyPaths: [folder], readwritePaths: [`${folder}/sub`] };
    assert.equal((await run(configOf(write, { filesystem: deeper }))).code, 0);
    assert.notEqual((await run(configOf(`echo x > ${folder}/new`, { filesystem: deeper }))).code, 0);
    const same = { readonlyPaths: [`${folder}/sub`], readwritePaths: [`${folder}/sub`] };
    assert.notEqual((await run(configOf(write, { filesystem: same }))).code, 0);
    const inside = { deniedPaths: [folder], readwritePaths: [`${folder}/sub`] };
    assert.equal(await outputOf(`cat ${folder}/sub/in`, { filesystem: inside }), 'in\n');
});

scenario('a grant that is not there is an error that names it', async (context) => {
    const missing = path.join(freshFolder(context), 'missing');
    const result = await run(configOf('echo ran', { filesystem: { readonlyPaths: [missing] } }));
    assert.notEqual(result.code, 0);
    assert.equal(result.out, '');
    assert.ok(result.err.includes(missing), result.err);
});

scenario('a denied path that is not there leaves nothing on the host',
    { peerFails: 'it makes the folder that it hides' }, async (context) => {
        const folder = freshFolder(context);
        const missing = path.join(folder, 'a/b');
        await run(configOf('true', { filesystem: { readwritePaths: [folder], deniedPaths: [missing] } }));
        assert.deepEqual(fs.readdirSync(folder), []);
    });

// A listener on the loopback of the host, closed after the test.
async function listener(context) {
    const server = net.createServer((socket) => socket.end('host\n'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    context.after(() => server.close());
    return server.address().port;
}
const connect = (port) => `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3'`;

scenario('the default is no network', async (context) => {
    const port = await listener(context);
    for (const policy of [{}, { network: { allowOutbound: false } }, { version: '0.7.0-alpha' },
        { network: { egress: { default: 'deny' }, ingress: { default: 'deny', hostLoopback: 'deny' } } }]) {
        const result = await run(configOf(connect(port), policy));
        assert.notEqual(result.code, 0, JSON.stringify(policy));
        assert.equal(result.out, '');
    }
});

scenario('a policy may allow all of the network', async (context) => {
    const port = await listener(context);
    assert.equal(await outputOf(connect(port), { network: { allowOutbound: true, allowLocalNetwork: true } }), 'host\n');
});

scenario('a policy that allows the outside alone does not open the host', { peerFails: 'it opens all of the network' },
    async (context) => {
        const port = await listener(context);
        const result = await run(configOf(connect(port), { version: '0.7.0-alpha', network: { allowOutbound: true } }));
        assert.notEqual(result.code, 0);
        assert.equal(result.out, '');
    });

scenario('the sandbox has a loopback of its own', async () => {
    const own = "import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0)); s.listen(); " +
        "c = socket.create_connection(s.getsockname()); print(\"own\")";
    const python = await run(configOf('command -v python3'));
    if (python.code !== 0) return;
    assert.equal(await outputOf(`python3 -c '${own}'`), 'own\n');
});

scenario('tools on the PATH are found and can be used', async (context) => {
    const folder = freshFolder(context);
    const tool = file(folder, 'bin/compat-tool', '#!/bin/sh\necho tool $1\n');
    fs.chmodSync(tool, 0o755);
    const found = sdk.getAvailableToolsPolicy({ PATH: `/usr/bin:/bin:${folder}/bin:/no/such/folder` });
    assert.ok(found.readonlyPaths.includes(`${folder}/bin`), found.readonlyPaths.join());
    assert.ok(!found.readonlyPaths.includes('/no/such/folder'));
    const config = configOf('compat-tool works', { filesystem: found });
    config.process.env = [`PATH=${folder}/bin:/usr/bin:/bin`];
    const result = await run(config);
    assert.deepEqual([result.code, result.out], [0, 'tool works\n'], result.err);
    assert.equal((await run(configOf(`${tool} works`))).code, 127, 'without the policy it is not there');
});

scenario('the temporary folder can be granted', async (context) => {
    const folder = freshFolder(context);
    const found = sdk.getTemporaryFilesPolicy({ TMPDIR: folder });
    assert.deepEqual(found.readwritePaths, [folder]);
    await outputOf(`echo kept > ${folder}/file`, { filesystem: found });
    assert.equal(fs.readFileSync(path.join(folder, 'file'), 'utf8'), 'kept\n');
    // Without TMPDIR it is /tmp, the host's instead of the sandbox's own.
    const shared = sdk.getTemporaryFilesPolicy({});
    assert.deepEqual(shared.readwritePaths, ['/tmp']);
    const name = `/tmp/${path.basename(folder)}`;
    context.after(() => fs.rmSync(name, { force: true }));
    await outputOf(`echo kept > ${name}`, { filesystem: shared });
    assert.ok(fs.existsSync(name));
});

scenario('without it /tmp is writable and of the sandbox alone', async (context) => {
    const name = `/tmp/${path.basename(freshFolder(context))}`;
    assert.equal(await outputOf(`echo inside > ${name} && cat ${name}`), 'inside\n');
    assert.ok(!fs.existsSync(name));
});

scenario('folders of programs in the home folder can be granted', async (context) => {
    const home = freshFolder(context);
    file(home, '.local/bin/tool', 'x');
    const before = process.env.HOME;
    process.env.HOME = home;
    const found = sdk.getUserProfilePolicy();
    process.env.HOME = before;
    assert.deepEqual(found.readonlyPaths, [`${home}/.local/bin`]);
    assert.equal(await outputOf(`cat ${home}/.local/bin/tool`, { filesystem: found }), 'x');
});
