"""What cadres write in their reports: contents of work by product, programme tasks, remarks.

contents_of(work)[0]    -> "Thẩm định hồ sơ khen thưởng thành tích phong trào “Dân vận khéo”"
"""

from __future__ import annotations

from review.brief import WorkType

MOVEMENTS = (
    "Cả nước chung sức xây dựng nông thôn mới",
    "Vì người nghèo",
    "Toàn dân đoàn kết xây dựng đời sống văn hóa",
    "Dân vận khéo",
    "Đổi mới, sáng tạo và chuyển đổi số",
    "Bình dân học vụ số",
    "Thi đua thực hiện văn hóa công sở",
    "Chung tay xóa nhà tạm, nhà dột nát",
)

# {m} is a movement; a product that is not named here is written as the catalogue names it
_CONTENTS = {
    "TD01": ("Báo cáo công tác thi đua, khen thưởng trong tháng",),
    "TD02": ("Báo cáo sơ bộ công tác thi đua, khen thưởng quý",),
    "TD04": ("Kế hoạch tổ chức phong trào “{m}”",),
    "TD05": ("Văn bản phát động đợt thi đua cao điểm “{m}”",),
    "TD06": ("Sơ kết phong trào “{m}”",),
    "TD09": ("Hướng dẫn bình xét danh hiệu thi đua cuối năm", "Hướng dẫn hồ sơ khen thưởng"),
    "TD10": ("Điển hình tiên tiến trong phong trào “{m}”",),
    "TD11": ("Tin, bài về gương người tốt, việc tốt trong phong trào “{m}”",),
    "TD12": ("Tổng hợp đăng ký danh hiệu thi đua của các thôn, bản, phòng, ban",),
    "KT01": ("Thẩm định hồ sơ khen thưởng thành tích phong trào “{m}”",),
    "KT03": ("Tờ trình đề nghị tặng Giấy khen cho tập thể, cá nhân phong trào “{m}”",),
    "KT04": ("Hồ sơ khen thưởng đột xuất trong phòng, chống thiên tai",),
    "KT06": ("Hồ sơ sáng kiến cải cách thủ tục hành chính",),
    "KT08": ("Cấp phát khung, bằng khen đợt trong tháng",),
    "KT10": ("Xác nhận khen thưởng kháng chiến",),
    "NV03": ("Cập nhật dữ liệu khen thưởng vào phần mềm, lưu trữ hồ sơ",),
    "NV05": ("Chuẩn bị số liệu phục vụ đoàn kiểm tra của tỉnh",),
}

# what is due this month or next: (content, product)
TASKS = (
    ("Phát động phong trào “{m}”", "Kế hoạch"),
    ("Sơ kết phong trào “{m}”", "Báo cáo sơ kết"),
    ("Thẩm định, trình khen thưởng phong trào “{m}”", "Tờ trình kèm hồ sơ"),
    ("Giới thiệu điển hình tiên tiến phong trào “{m}”", "Bài viết, video"),
    ("Kiểm tra công tác thi đua tại các thôn, bản, đơn vị trực thuộc", "Biên bản kiểm tra"),
    ("Họp Hội đồng Thi đua – Khen thưởng xét khen thưởng thường xuyên", "Biên bản họp"),
    ("Tập huấn nghiệp vụ thi đua, khen thưởng cho cán bộ cơ sở", "Lớp tập huấn"),
    ("Rà soát, bổ sung quy chế thi đua, khen thưởng", "Dự thảo quy chế"),
)

DELAY_NOTES = (
    "Chờ thôn, bản bổ sung hồ sơ",
    "Chờ ý kiến các phòng",
    "Dồn việc phục vụ đoàn kiểm tra",
)
PROOFS = (
    "CV {n}/UBND-VX ngày {d}",
    "CV {n}/SNV-TĐKT ngày {d}",
    "TB {n}/TB-UBND ngày {d}",
)
REMARKS = (
    "Hoàn thành tốt việc được giao",
    "Có nhiều cố gắng, phối hợp tốt",
    "Cần chủ động hơn về tiến độ",
    "Tham mưu kịp thời, đúng quy định",
)
EVIDENCE = (
    "Các nhiệm vụ trong chương trình công tác tháng bảo đảm tiến độ",
    "Kết luận giao ban tháng; nội bộ đoàn kết, không có đơn thư",
    "Có sáng kiến số hóa hồ sơ khen thưởng",
)
SUGGESTIONS = (
    "Đề nghị tỉnh mở lớp bồi dưỡng nghiệp vụ cho cán bộ kiêm nhiệm.",
    "Đề nghị sớm có hướng dẫn hồ sơ khen thưởng theo quy định mới.",
)
NIL_REASONS = ("Trong tháng tập trung khắc phục hậu quả mưa lũ, không phát sinh việc TĐKT.",)


def contents_of(work: WorkType) -> tuple[str, ...]:
    """Ways to write down work on one product, `{m}` standing for a movement."""
    return _CONTENTS.get(work.code, (work.name,))


# for the quarter, the year and the term
COURSES = (  # kind, code of the catalogue, what the class was about
    ("nghiep_vu", "BD-NV", "Tập huấn nghiệp vụ thi đua, khen thưởng"),
    ("nghiep_vu", "BD-HS", "Kỹ năng thẩm định hồ sơ khen thưởng"),
    ("nghiep_vu", "BD-PT", "Tổ chức phong trào, phát hiện điển hình tiên tiến"),
    ("khac", "BD-ST", "Chuyên đề đổi mới, sáng tạo trong công vụ"),
    ("khac", "BD-PV", "Kỹ năng phối hợp, giao tiếp công vụ"),
    ("khac", "BD-KN", "Sử dụng phần mềm quản lý văn bản"),
)
TOPICS = (
    "Nghiên cứu Luật Thi đua, khen thưởng và nghị định hướng dẫn",
    "Kỹ năng viết báo cáo điển hình tiên tiến",
    "Học tập tư tưởng Hồ Chí Minh về thi đua ái quốc",
    "Tin học văn phòng, ký số, lập hồ sơ điện tử",
    "Tiếng Thái, tiếng Mông giao tiếp với nhân dân",
)
GOALS = ("Nâng cao đời sống nhân dân", "Đổi mới lề lối làm việc", "Giữ rừng, giữ bản làng xanh")
TARGETS = (
    "Xóa {n} nhà tạm",
    "{n} bản đạt chuẩn văn hóa",
    "Trồng mới {n} ha quế",
    "{n} thủ tục làm trực tuyến",
    "{n} km đường bản được cứng hóa",
)
EXEMPLARS = (
    ("Giàng A Chu, bản Nậm Ty", "Làm kinh tế giỏi, giúp hộ nghèo"),
    ("Tổ tự quản bản Phiêng Đén", "Giữ gìn an ninh, hòa giải ở bản"),
    ("Lò Thị Inh, bản Co Cóoc", "Hiến đất mở đường bản"),
    ("Tẩn A Phủ, bản Sin Suối Hồ", "Du lịch cộng đồng, giữ nghề dệt"),
    ("Pờ Xuân Mừ, bản Thu Lũm 1", "Bảo vệ đường biên, cột mốc"),
    ("Sùng Thị Mỷ, bản Tả Lèng", "Trồng dược liệu dưới tán rừng"),
    ("Vàng Văn Dín, bản San Thàng", "Chợ phiên, hàng thổ cẩm"),
    ("Chi hội phụ nữ bản Nà Khương", "Nhà sạch, vườn đẹp"),
    ("Lường Thị Pâng, bản Lướt", "Dạy chữ cho người lớn tuổi"),
    ("Đội chiếu bóng xã", "Tuyên truyền lưu động vùng cao"),
)
CONCLUSIONS = (
    "Đơn vị đoàn kết; việc thẩm định hồ sơ có lúc còn chậm",
    "Hoàn thành nhiệm vụ; cần sâu sát cơ sở hơn",
    "Thực hiện tốt quy chế làm việc; nội bộ thống nhất",
)
REMEDIES = (
    "Phân công lại việc thẩm định hồ sơ",
    "Giao ban nghiệp vụ hằng tuần",
    "Cử cán bộ xuống cơ sở ít nhất hai ngày một tháng",
    "Lập sổ theo dõi hồ sơ có xác nhận của lãnh đạo",
)
FAULTS = (
    "Hồ sơ khen thưởng thiếu biên bản họp xét",
    "Báo cáo gửi chậm một ngày",
    "Ghi sai tên người được khen trên quyết định",
    "Chưa công khai danh sách đề nghị khen thưởng",
)
CASES = (
    "Đơn phản ánh việc bình xét danh hiệu",
    "Phản ánh chi tiền thưởng chậm",
    "Kiến nghị về hồ sơ khen thưởng kháng chiến",
)
LACKING = ("Kỹ năng phân tích số liệu", "Lý luận chính trị trung cấp", "Kinh nghiệm điều hành")
FOLLOWERS = [  # who could be taken on, where they work, whether from here
    ("Lò Thị Mai", "Trường THCS xã", "noi_khac"),
    ("Giàng Thị Dua", "Đoàn Thanh niên xã", "tai_cho"),
    ("Nguyễn Văn Hưng", "Trung tâm Văn hóa", "noi_khac"),
    ("Vàng A Sính", "Phòng Kinh tế", "tai_cho"),
    ("Tẩn Mẩy Nhàn", "Hội Liên hiệp Phụ nữ", "tai_cho"),
]
SIGNS = (
    "Qua kiểm tra, tự kiểm tra hằng năm",
    "Số liệu tổng kết các năm",
    "Ý kiến tại hội nghị kiểm điểm",
)
