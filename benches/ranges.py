#!/usr/bin/env python3
"""`ranges.py FOLDER LOG`: serves FOLDER on a port of its own choice, which it prints, with every kind of range that RFC 9110
knows, and writes a line for each answer into LOG: path, bytes of its body, bytes with its head."""

import http.server
import os
import sys
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        file = os.path.normpath(os.path.join(folder, path.lstrip("/")))
        if not file.startswith(folder + os.sep) or not os.path.isfile(file):
            return self.reply(path, "404 Not Found", [], b"")
        with open(file, "rb") as opened:
            whole = opened.read()
        asked = [tuple(part.split("-")) for part in self.headers.get("Range", "")[len("bytes="):].split(",") if part]
        parts = [(int(start), min(int(end or len(whole) - 1), len(whole) - 1)) for start, end in asked]
        said = ["bytes %d-%d/%d" % (start, end, len(whole)) for start, end in parts]
        if not parts:
            self.reply(path, "200 OK", [], whole)
        elif len(parts) == 1:
            (start, end), = parts
            self.reply(path, "206 Partial Content", ["Content-Range: " + said[0]], whole[start : end + 1])
        else:
            body = b"".join(
                b"\r\n--border\r\nContent-Type: application/octet-stream\r\nContent-Range: %s\r\n\r\n%s"
                % (words.encode(), whole[start : end + 1])
                for words, (start, end) in zip(said, parts)
            )
            kind = "Content-Type: multipart/byteranges; boundary=border"
            self.reply(path, "206 Partial Content", [kind], body + b"\r\n--border--\r\n")

    def reply(self, path, status, more, body):
        lines = ["HTTP/1.1 " + status, "Content-Length: %d" % len(body), *more, "", ""]
        head = "\r\n".join(lines).encode()
        self.wfile.write(head + body)
        with open(log, "a", encoding="utf-8") as opened:
            opened.write("%s\t%d\t%d\n" % (path, len(body), len(head) + len(body)))

    def log_message(self, *_):
        pass


folder, log = os.path.realpath(sys.argv[1]), sys.argv[2]
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
