// Inflates gzip'd files with zlib and does nothing with what comes out: the least that reading them can take.

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

// As large as what is read and given out at once by read-wal.
static unsigned char input[256 << 10];
static unsigned char output[64 << 10];

static int inflate_file(const char *path, unsigned long long *total) {
    z_stream stream = {0};
    int file = open(path, O_RDONLY);
    if (file < 0 || inflateInit2(&stream, 15 + 32) != Z_OK) return -1;
    int code = Z_OK;
    while (code == Z_OK) {
        ssize_t count = read(file, input, sizeof input);
        if (count <= 0) break;
        stream.next_in = input;
        stream.avail_in = (unsigned)count;
        do {
            stream.next_out = output;
            stream.avail_out = sizeof output;
            code = inflate(&stream, Z_NO_FLUSH);
        } while (code == Z_OK && stream.avail_out == 0);
        // Z_BUF_ERROR: the input ended where the output was just full.
        if (code == Z_BUF_ERROR) code = Z_OK;
    }
    *total += stream.total_out;
    inflateEnd(&stream);
    close(file);
    return code == Z_STREAM_END ? 0 : -1;
}

int main(int count, char **paths) {
    unsigned long long total = 0;
    for (int index = 1; index < count; index++) {
        if (inflate_file(paths[index], &total) != 0) {
            fprintf(stderr, "inflate-alone: %s is not a whole gzip file\n", paths[index]);
            return 1;
        }
    }
    printf("%llu bytes\n", total);
    return 0;
}
