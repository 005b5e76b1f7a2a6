"""Records what Barman's own reader makes of odd backup.info files.

    pip install barman==3.19.1 boto3 && TZ=UTC python make.py > verdicts.json

A verdict is "read", "unreadable" (Barman warns, leaves the backup out and refuses every deletion) or "aborts"
(every barman-cloud command ends at once).
"""

import datetime
import io
import json

import barman.output
from barman.infofile import BackupInfo

GOOD = {
    "begin_time": "2025-10-24 02:26:08.217166+00:00",
    "begin_wal": "0000000600000000000000AB",
    "begin_xlog": "0/AB000028",
    "end_time": "2025-10-24 02:26:11.410000+00:00",
    "end_wal": "0000000600000000000000AB",
    "end_xlog": "0/AB000158",
    "status": "DONE",
    "systemid": "7564001122334455667",
    "timeline": "6",
    "version": "160010",
    "xlog_segment_size": "16777216",
}


def good(**changes):
    fields = {**GOOD, **changes}
    return "".join(f"{name}={value}\n" for name, value in sorted(fields.items()))


CASES = {
    "good": good(),
    "empty": "",
    "only blank lines": "\n  \n\t\n",
    "a comment": "# a comment\n" + good(),
    "a comment behind a blank": " # a comment\n" + good(),
    "a comment with an equals sign behind a blank": " # a=b\n" + good(),
    "no newline at the end": good().rstrip("\n"),
    "CRLF": good().replace("\n", "\r\n"),
    "CR only": good().replace("\n", "\r"),
    "blanks around names and values": good().replace("=", " = "),
    "the last of two lines wins": good() + "status=FAILED\n",
    "a value with an equals sign": good(error="'a=b'"),
    "a line without an equals sign": good() + "nonsense\n",
    "chunked framing": "5b2\r\n" + good() + "\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
    "an unknown field": good(invented="1"),
    "a known field in upper case": good() + "STATUS=DONE\n",
    "an empty name": good() + "=1\n",
    "a name of a method": good() + "save=1\n",
    "a name of an attribute": good() + "backup_id=1\n",
    "not UTF-8": good().encode() + b"error=\xff\xfe\n",
    "UTF-8 beyond ASCII": good(error="'Gerät voll'"),
    "a byte order mark": b"\xef\xbb\xbf" + good().encode(),
    "a zero byte": good(error="a\0b"),
    "a line separator in a value": good(error="a\u2028b"),
    "a next-line character in a value": good(error="a\u0085b"),
    "a form feed in a value": good(error="a\fb"),
    "a vertical tab and a word": good(error="a\vb"),
    "no-break space around a value": good(status="\u00a0DONE\u00a0"),
    "a unit separator around a value": good(status="\x1fDONE\x1f"),
    "None for all": "".join(f"{name}=None\n" for name in GOOD),
    "none in lower case": good(error="none"),
    "status in lower case": good(status="done"),
    "status STARTED": good(status="STARTED"),
    "status EMPTY": good(status="EMPTY"),
    "status WAITING_FOR_WALS": good(status="WAITING_FOR_WALS"),
    "status SYNCING": good(status="SYNCING"),
    "status nobody knows": good(status="CURIOUS"),
    "status empty text": good(status=""),
    "timeline is no number": good(timeline="six"),
    "timeline with a plus sign": good(timeline="+6"),
    "timeline with a point": good(timeline="6.0"),
    "timeline with zeros": good(timeline="006"),
    "timeline with an underscore": good(timeline="1_0"),
    "timeline empty": good(timeline=""),
    "timeline below zero": good(timeline="-1"),
    "timeline beyond 32 bits": good(timeline="4294967296"),
    "version is no number": good(version="16.1"),
    "segment size is no number": good(xlog_segment_size="16MB"),
    "segment size no power of two": good(xlog_segment_size="1000"),
    "segment size None": good(xlog_segment_size="None"),
    "begin_offset is no number": good(begin_offset="x"),
    "size beyond 64 bits": good(size="99999999999999999999"),
    "cluster_size is no number": good(cluster_size="1.5"),
    "deduplicated_size None": good(deduplicated_size="None"),
    "begin_wal too short": good(begin_wal="00000006000000AB"),
    "begin_wal in lower case": good(begin_wal="0000000600000000000000ab"),
    "begin_xlog is no position": good(begin_xlog="nowhere"),
    "end_time empty": good(end_time=""),
    "end_time None": good(end_time="None"),
    "end_time is no time": good(end_time="soon"),
    "end_time without microseconds": good(end_time="2025-10-24 02:26:11+00:00"),
    "end_time with an offset": good(end_time="2025-10-24 04:26:11.41+02:00"),
    "end_time with a short offset": good(end_time="2025-10-24 04:26:11+02"),
    "end_time without an offset": good(end_time="2025-10-24 02:26:11"),
    "end_time in RFC 3339": good(end_time="2025-10-24T02:26:11Z"),
    "end_time in ctime form": good(end_time="Fri Oct 24 02:26:11 2025"),
    "end_time is a date": good(end_time="2025-10-24"),
    "end_time on 30 February": good(end_time="2025-02-30 00:00:00+00:00"),
    "end_time at 25 o'clock": good(end_time="2025-10-24 25:00:00+00:00"),
    "end_time with nine digits of a fraction": good(end_time="2025-10-24 02:26:11.123456789+00:00"),
    "tablespaces none": good(tablespaces="None"),
    "tablespaces empty": good(tablespaces="[]"),
    "tablespaces one": good(tablespaces="[('tbs1', 16387, '/srv/tbs1')]"),
    "tablespaces two": good(tablespaces="[('a', 1, '/a'), ('b', 2, '/b')]"),
    "tablespaces as lists": good(tablespaces="[['a', 1, '/a']]"),
    "tablespaces in a tuple": good(tablespaces="(('a', 1, '/a'),)"),
    "tablespaces with a comma too many": good(tablespaces="[('a', 1, '/a',),]"),
    "tablespaces of wrong arity": good(tablespaces="[('a', 1)]"),
    "tablespaces of four": good(tablespaces="[('a', 1, '/a', 2)]"),
    "tablespaces is a number": good(tablespaces="7"),
    "tablespaces is a text": good(tablespaces="'abc'"),
    "tablespaces not closed": good(tablespaces="[('a', 1, '/a')"),
    "tablespaces with only a comma": good(tablespaces="[,]"),
    "tablespaces with a call": good(tablespaces="[print('a')]"),
    "tablespaces with escapes": good(tablespaces=r"[('a\'\\\x41\u00e4', 1, '/a\n')]"),
    "tablespaces with double quotes": good(tablespaces="[(\"a'b\", 1, '/a')]"),
    "backup_label": good(backup_label=repr("START WAL LOCATION: 0/AB000028\nLABEL: it's\n")),
    "backup_label without quotes": good(backup_label="START WAL LOCATION"),
    "backup_label not closed": good(backup_label="'START"),
    "backup_label with a bad escape": good(backup_label=r"'\x4'"),
    "backup_label with an unknown escape": good(backup_label=r"'\d'"),
    "backup_label in two pieces": good(backup_label="'a' 'b'"),
    "backup_label with a prefix": good(backup_label="u'a'"),
    "backup_label as bytes": good(backup_label="b'a'"),
    "backup_label is a name": good(backup_label="nan"),
    "backup_label is infinite": good(backup_label="infinity"),
    "backup_label is hexadecimal": good(backup_label="0x10"),
    "backup_label is a float with an exponent": good(backup_label="1e5"),
    "backup_label is negative": good(backup_label="-1"),
    "backup_label is a number with zeros": good(backup_label="007"),
    "backup_label ends in a comment": good(backup_label="'a' # b"),
    "copy_stats": good(copy_stats="{'total_time': 3.1, 'number_of_workers': 2, 'a': {'b': None, 'c': True}}"),
    "copy_stats not closed": good(copy_stats="{'total_time': 3.1"),
    "copy_stats without a colon": good(copy_stats="{'total_time' 3.1}"),
    "copy_stats is a set": good(copy_stats="{1, 2}"),
    "copy_stats is a list of lists 40 deep": good(copy_stats="[" * 40 + "]" * 40),
    "copy_stats is a list of lists 300 deep": good(copy_stats="[" * 300 + "]" * 300),
    "included_files": good(included_files="['/etc/a.conf']"),
    "snapshots_info None": good(snapshots_info="None"),
    "snapshots_info of aws": good(
        snapshots_info=repr(
            {"provider": "aws", "provider_info": {"account_id": "1", "region": "r"}, "snapshots": []}
        )
    ),
    "snapshots_info of nobody": good(snapshots_info="{'provider': 'nobody', 'provider_info': {}, 'snapshots': []}"),
    "snapshots_info is no literal": good(snapshots_info="{"),
    "children_backup_ids": good(children_backup_ids="20251024T000000,20251025T000000"),
    "parent_backup_id": good(parent_backup_id="20251024T000000"),
    "every other field": good(
        backup_name="backup-20251024022604",
        compression="None",
        config_file="/a",
        data_checksums="on",
        encryption="None",
        hba_file="/b",
        ident_file="/c",
        mode="concurrent",
        pgdata="/d",
        server_name="cloud",
        summarize_wal="on",
    ),
}


def time(value):
    return value and value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def verdict(content):
    info = BackupInfo("20251024T022604")
    try:
        info.load(file_object=io.BytesIO(content))
    except SystemExit:
        return {"verdict": "aborts"}
    except Exception:
        return {"verdict": "unreadable"}
    return {
        "verdict": "read",
        "status": info.status,
        "timeline": info.timeline,
        "begin_wal": info.begin_wal,
        "end_xlog": info.end_xlog,
        "begin_time": time(info.begin_time),
        "end_time": time(info.end_time),
        "xlog_segment_size": info.xlog_segment_size,
        "tablespaces": [list(row) for row in info.tablespaces or []],
    }


barman.output.set_output_writer("console", quiet=True)
rows = []
for name, content in CASES.items():
    content = content if isinstance(content, bytes) else content.encode()
    try:
        row = {"name": name, "text": content.decode()}
    except UnicodeDecodeError:
        row = {"name": name, "hex": content.hex()}
    rows.append({**row, **verdict(content)})
print(json.dumps(rows, indent=1, ensure_ascii=True))
