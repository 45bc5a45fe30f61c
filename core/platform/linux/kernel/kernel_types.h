/* The few fields of the kernel's structures that our programs read. libbpf finds their real places in the running
 * kernel by name (CO-RE), so only names and types count here. */
#ifndef BELLJAR_KERNEL_TYPES_H
#define BELLJAR_KERNEL_TYPES_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef __u8 uint8_t;
typedef __u16 uint16_t;
typedef __u32 uint32_t;
typedef __u64 uint64_t;
typedef __s8 int8_t;
typedef __s32 int32_t;
typedef __s64 int64_t;

enum bpf_map_type {
    BPF_MAP_TYPE_HASH = 1,
    BPF_MAP_TYPE_LRU_HASH = 9,
    BPF_MAP_TYPE_ARRAY = 2,
    BPF_MAP_TYPE_PERCPU_ARRAY = 6,
    BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
    BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_F_NO_PREALLOC = 1, BPF_F_MMAPABLE = 1024, BPF_F_INNER_MAP = 4096 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2, BPF_RB_AVAIL_DATA = 0 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct qstr {
    __u64 hash_len;
    const unsigned char* name;
};
struct super_block {
    __u32 s_dev;
};
struct inode {
    __u16 i_mode;
    struct super_block* i_sb;
    unsigned long i_ino;
};
struct dentry {
    struct dentry* d_parent;
    struct qstr d_name;
    struct inode* d_inode;
};
struct vfsmount {
    struct dentry* mnt_root;
};
struct mount {
    struct mount* mnt_parent;
    struct dentry* mnt_mountpoint;
    struct vfsmount mnt;
};
struct path {
    struct vfsmount* mnt;
    struct dentry* dentry;
};
struct file {
    struct path f_path;
    struct inode* f_inode;
    __u32 f_mode;
    void* private_data;
};
struct fdtable {
    __u32 max_fds;
    struct file** fd;
};
struct files_struct {
    struct fdtable* fdt;
};
struct fs_struct {
    struct path root;
    struct path pwd;
};
struct ns_common {
    __u32 inum;
};
struct pid_namespace {
    struct ns_common ns;
};
struct nsproxy {
    struct pid_namespace* pid_ns_for_children;
};
struct upid {
    int nr;
    struct pid_namespace* ns;
};
struct pid {
    __u32 level;
    struct upid numbers[1];
};
typedef struct {
    int counter;
} atomic_t;
struct signal_struct {
    atomic_t live;
    int group_exit_code;
    __u32 flags;
};
struct mm_struct {
    unsigned long arg_start;
    unsigned long arg_end;
    unsigned long env_start;
    unsigned long env_end;
};
struct thread_info {
    __u32 status;
};
struct task_struct {
    struct thread_info thread_info;
    __u32 flags;
    struct mm_struct* mm;
    int exit_code;
    int pid;
    int tgid;
    struct task_struct* real_parent;
    struct task_struct* group_leader;
    struct pid* thread_pid;
    __u64 start_boottime;
    char comm[16];
    struct fs_struct* fs;
    struct files_struct* files;
    struct nsproxy* nsproxy;
    struct signal_struct* signal;
};
struct linux_binprm {
    struct file* file;
    const char* filename;
    const char* interp;
};
struct pt_regs {
    unsigned long r10;
    unsigned long r9;
    unsigned long r8;
    unsigned long bx;
    unsigned long bp;
    unsigned long cx;
    unsigned long dx;
    unsigned long si;
    unsigned long di;
    unsigned long orig_ax;
    unsigned long ip;
    unsigned long sp;
};
#pragma clang attribute pop

#endif
