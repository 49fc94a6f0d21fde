"""What letters say again and again: a letter to nobody, given to the press beforehand.

    zlib.decompressobj(zdict=PHRASES).decompress(small)     what any program needs to open a letter

NEVER CHANGED: who changes a character here can open no letter that was kept with it. Where letters
have come to say other things, another one is put beside it (`tdkt_models/packed.py`).
"""

from __future__ import annotations

# fmt: off
PHRASES = (
    '{"ask_until":"2026-11-16T17:00+07:00","cadre":{"code":"00000-00","honorific":"Đồng chí",'
    '"leads":false,"name":"Nguyễn Văn An","post":"Chuyên viên","title":"Mr"},'
    '"card":{"approved":false,"by_points_label":"Hoàn thành tốt nhiệm vụ","general":2125,'
    '"grade":"HTTNV","grade_label":"Hoàn thành tốt nhiệm vụ","lost":[{"article":"Điều 14.2b Nghị '
    'định 335/2025/NĐ-CP","cells":["S3 Công việc – sản phẩm!J45","S3 Công việc – sản phẩm!K45"],'
    '"lost":250,"says":"“Sơ kết phong trào “Toàn dân đoàn kết xây dựng đời sống văn hóa””: 1 sản '
    'phẩm chưa đạt chất lượng, mỗi sản phẩm 1 lần, trừ 25% điểm của sản phẩm.","term":"b – Chất '
    'lượng"},{"article":"Điều 12.2a Nghị định 335/2025/NĐ-CP","cells":["S4 Tiêu chí chung!F21"],'
    '"lost":150,"says":"I.2 Ý thức kỷ luật, kỷ cương trong thực thi công vụ: 3,5/5 điểm.",'
    '"term":"Tiêu chí chung"},{"article":"Điều 12.2b Nghị định 335/2025/NĐ-CP","cells":["S4 Tiêu '
    'chí chung!I21"],"lost":125,"says":"II.3 Tinh thần trách nhiệm trong thực thi công vụ: 1,'
    '25/2,5 điểm.","term":"Tiêu chí chung"},{"article":"Điều 12.2c Nghị định 335/2025/NĐ-CP",'
    '"cells":["S4 Tiêu chí chung!M21"],"lost":125,"says":"III.3 Chịu trách nhiệm về kết quả; '
    'nhận và khắc phục sai sót: 1,25/2,5 điểm.","term":"Tiêu chí chung"},{"article":"Điều 12.2b '
    'Nghị định 335/2025/NĐ-CP","cells":["S4 Tiêu chí chung!G21"],"lost":100,"says":"II.1 Năng '
    'lực chuyên môn, nghiệp vụ theo yêu cầu của vị trí việc làm: 1,5/2,5 điểm.","term":"Tiêu chí '
    'chung"},{"article":"Điều 12.2c Nghị định 335/2025/NĐ-CP","cells":["S4 Tiêu chí chung!L21"],'
    '"lost":100,"says":"III.2 Dám nghĩ, dám làm, dám đương đầu khó khăn; nhận nhiệm vụ đột xuất, '
    'phức tạp: 1,5/2,5 điểm.","term":"Tiêu chí chung"},{"article":"Điều 14.2b Nghị định '
    '335/2025/NĐ-CP","cells":["S3 Công việc – sản phẩm!J13","S3 Công việc – sản phẩm!K13"],'
    '"lost":84,"says":"“Cập nhật dữ liệu khen thưởng vào phần mềm, lưu trữ hồ sơ”: 1 sản phẩm '
    'chưa đạt chất lượng, mỗi sản phẩm 2 lần, trừ 50% điểm của sản phẩm.","term":"b – Chất '
    'lượng"},{"article":"Điều 14.2c Nghị định 335/2025/NĐ-CP","cells":["S3 Công việc – sản '
    'phẩm!M13","S3 Công việc – sản phẩm!N13"],"lost":83,"says":"“Cập nhật dữ liệu khen thưởng '
    'vào phần mềm, lưu trữ hồ sơ”: 1 sản phẩm chậm tiến độ, mỗi sản phẩm 2 lần, trừ 50% điểm của '
    'sản phẩm.","term":"c – Tiến độ"},{"article":"Điều 12.2b Nghị định 335/2025/NĐ-CP",'
    '"cells":["S4 Tiêu chí chung!J21"],"lost":75,"says":"II.4 Thái độ phục vụ người dân, doanh '
    'nghiệp và khả năng phối hợp với đồng nghiệp: 1,75/2,5 điểm.","term":"Tiêu chí chung"},'
    '{"article":"Điều 12.2c Nghị định 335/2025/NĐ-CP","cells":["S4 Tiêu chí chung!K21"],'
    '"lost":75,"says":"III.1 Sản phẩm, giải pháp đột phá, sáng tạo, có hiệu quả thiết thực: 1,'
    '75/2,5 điểm.","term":"Tiêu chí chung"},{"article":"Điều 12.2c Nghị định 335/2025/NĐ-CP",'
    '"cells":["S4 Tiêu chí chung!N21"],"lost":75,"says":"III.4 Chủ động quyết định trong thẩm '
    'quyền, không né tránh, đùn đẩy; tiên phong nhiệm vụ mới: 1,75/2,5 điểm.","term":"Tiêu chí '
    'chung"},{"article":"Điều 12.2a Nghị định 335/2025/NĐ-CP","cells":["S4 Tiêu chí chung!E21"],'
    '"lost":25,"says":"I.1 Phẩm chất chính trị, phẩm chất đạo đức, văn hóa thực thi công vụ: 4,'
    '75/5 điểm.","term":"Tiêu chí chung"},{"article":"Điều 12.2b Nghị định 335/2025/NĐ-CP",'
    '"cells":["S4 Tiêu chí chung!H21"],"lost":25,"says":"II.2 Khả năng đáp ứng yêu cầu thực thi '
    'nhiệm vụ được giao thường xuyên, đột xuất: 2,25/2,5 điểm.","term":"Tiêu chí chung"}],'
    '"mean":9405,"notes":[{"article":"Điều 12.2 Nghị định 335/2025/NĐ-CP; Mẫu số 01",'
    '"cells":["S4 Tiêu chí chung!E21:N21"],"lost":null,"says":"Tiêu chí chung: 21,25/30 điểm do '
    'cấp có thẩm quyền chấm.","term":"Tiêu chí chung"},{"article":"Điều 12.2 Nghị định '
    '335/2025/NĐ-CP; Mẫu số 01","cells":["S4 Tiêu chí chung!E20:N20"],"lost":null,"says":"Cá '
    'nhân tự chấm 22,00 điểm, lệch 0,75 điểm so với điểm được tính.","term":"Tiêu chí chung"},'
    '{"article":"Điều 14.2a Nghị định 335/2025/NĐ-CP","cells":[],"lost":null,"says":"Số lượng: a '
    '= (0,5×2 + 3×2) / (0,5×2 + 3×2) = 7/7 = 100,00%.","term":"a – Số lượng"},{"article":"Điều '
    '14.2b Nghị định 335/2025/NĐ-CP","cells":[],"lost":null,"says":"Chất lượng: b = (0,5×(2 − '
    '1×50%) + 3×(2 − 1×25%)) / (0,5×2 + 3×2) = 6/7 = 85,71%.","term":"b – Chất lượng"},'
    '{"article":"Điều 14.2c Nghị định 335/2025/NĐ-CP","cells":[],"lost":null,"says":"Tiến độ: c '
    '= (0,5×(2 − 1×50%) + 3×2) / (0,5×2 + 3×2) = 6,75/7 = 96,43%.","term":"c – Tiến độ"},'
    '{"article":"Điều 20 Nghị định 335/2025/NĐ-CP","cells":[],"lost":null,"says":"Tổng 87,08 '
    'điểm (từ 70,00 điểm): hoàn thành tốt nhiệm vụ, tạm xếp theo điểm.","term":"Xếp loại"}],'
    '"parts":[],"range":"","status":"OK","task_score":6583,"terms":[{"label":"a – Số lượng",'
    '"value":10000},{"label":"b – Chất lượng","value":8571},{"label":"c – Tiến độ",'
    '"value":9643}],"total":8708},"level":"scores","office":"Sở Nội vụ","period":"2026-10",'
    '"period_label":"tháng 10/2026","province":"","reply_to":"tdkt@localhost","short":"TĐKT",'
    '"signer":"","trace":{"file":"00000_2026-10.xlsx","regulation":"2026-01","sha":"",'
    '"title":"Nghị định 335/2025/NĐ-CP về đánh giá, xếp loại chất lượng công chức","version":""},'
    '"unit":{"code":"00000","name":"Xã Mẫu"}}'
).encode()
# fmt: on
