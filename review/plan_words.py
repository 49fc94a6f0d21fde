"""What causes a line of a plan, and what is asked of leaders, in an official's words.

CAUSES["KHAC_PHUC_MO"]          -> "Biện pháp khắc phục quá hạn"
asked_for(figures)              -> ["Đôn đốc 48 biện pháp khắc phục quá hạn …", …]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from review.evidence import Measure

CAUSES: Mapping[str, str] = {
    "NHU_CAU": "Nhu cầu bồi dưỡng từ sai sót, tiêu chí thấp, văn bản mới, chức danh",
    "THIEU_TIET": "Chưa đủ số tiết tối thiểu",
    "HINH_THUC": "Hình thức bồi dưỡng chưa đa dạng",
    "CHUYEN_KY": "Việc chuyển kỳ nhiều lần",
    "CU_THE": "Việc thiếu sản phẩm, người chủ trì, hạn",
    "TRUY_LEN": "Việc chưa gắn với chương trình kỳ dài hơn",
    "PHU_KIN": "Việc của kỳ dài chưa được giao xuống",
    "QUAN_TAM": "Lãnh đạo nhiều quý liền không họp, không văn bản",
    "HIEU_QUA": "Hồ sơ, sản phẩm bị trả lại nhiều",
    "DUNG_HAN": "Báo cáo muộn, không nộp hoặc không phát sinh nhiều lần",
    "HAN_CHE": "Hạn chế đơn vị tự thấy còn nhiều",
    "BO_TRI": "Người chưa đáp ứng yêu cầu vị trí",
    "HUU_12": "Người nghỉ hưu trong 12 tháng",
    "BO_MAY": "Thiếu Hội đồng hoặc người phụ trách",
    "TRONG": "Biên chế được giao còn trống",
    "FTE": "Thời gian dành cho TĐKT quá ít",
    "NHU_CAU_DV": "Chức danh của nhiệm kỳ tới còn thiếu người",
    "NGUON": "Nguồn ít hơn số vị trí sẽ trống",
    "QUA_LAU": "Giữ vị trí quá lâu",
    "QUA_SOM": "Rời vị trí quá sớm",
    "PHU_TRACH_THAY": "Đã phụ trách thay cấp trên có kết quả",
    "XEP_LOAI": "Kết quả xếp loại chưa đạt mức tốt",
    "PHAM_CHAT": "Tiêu chí chung còn thấp",
    "TU_HOC": "Chưa hoàn thành kế hoạch tự học",
    "KHONG_KE_HOACH": "Chưa có kế hoạch tự học",
    "HANG_HUT": "Nguy cơ hẫng hụt giữa các thế hệ",
    "TRONG_QH": "Chức danh chưa có người quy hoạch",
    "DE_XUAT_VAO": "Người đủ điều kiện chưa có trong quy hoạch",
    "CHUA_RA_SOAT": "Quy hoạch chưa rà soát hằng năm",
    "NHIEU_NGUOI": "Chức danh quá nhiều người quy hoạch",
    "NHIEU_CHUC": "Người quy hoạch quá nhiều chức danh",
    "KHAC_PHUC_MO": "Biện pháp khắc phục quá hạn",
    "TU_KIEM_DIEM": "Cán bộ chưa tự phê bình, kiểm điểm",
    "VU_VIEC": "Vụ việc xử lý quá hạn",
    "UON_NAN": "Sai sót chậm uốn nắn",
    "KIEM_TRA": "Cuộc kiểm tra chưa tiến hành",
    "LAP_LAI": "Sai sót lặp lại",
    "SO_TONG_KET": "Phong trào còn nợ sơ kết, tổng kết",
    "CHI_TIEU": "Phong trào chưa có chỉ tiêu đo được",
    "THUC_CHAT": "Tự đánh giá cao hơn số liệu",
    "THAM_GIA": "Tỷ lệ tham gia thấp",
    "DIEN_HINH": "Điển hình chưa bồi dưỡng, chưa nhân rộng",
    "CHI_CHAM": "Tiền thưởng chậm chi",
    "GAN_PHONG_TRAO": "Khen thưởng không rõ phong trào",
    "TRUC_TIEP": "Ít khen người trực tiếp công tác",
}

Ask = Callable[[Measure], str]


def _ask(words: str) -> Ask:
    """A sentence with the figure in it."""
    return lambda one: words.format(shown=one.shown)


ASKS: Mapping[str, Ask] = {
    "HANG_HUT": _ask("Cho ý kiến về người kế cận của {shown} có nguy cơ hẫng hụt"),
    "TRONG_QH": _ask("Chỉ đạo đưa người vào quy hoạch cho {shown} chưa có ai"),
    "CHUA_RA_SOAT": _ask("Chỉ đạo rà soát quy hoạch hằng năm ({shown} đã quá hạn)"),
    "NGUON": _ask("Chỉ đạo tạo nguồn: nguồn hiện có bằng {shown} số vị trí sẽ trống"),
    "BO_MAY": _ask("Chỉ đạo {shown} kiện toàn Hội đồng, phân công người phụ trách TĐKT"),
    "TRONG": _ask("Xem xét bố trí đủ biên chế làm TĐKT (còn trống {shown})"),
    "FTE": lambda one: "Yêu cầu các đơn vị nêu tên bố trí thêm thời gian, người làm TĐKT",
    "BO_TRI": _ask("Xem xét bố trí lại hoặc cử đi đào tạo {shown} chưa đáp ứng vị trí"),
    "QUAN_TAM": lambda one: "Nhắc lãnh đạo các đơn vị nhiều quý liền không họp, không có văn bản",
    "CHO_QUA_HAN": _ask("Bố trí kinh phí, mở lớp cho {shown} bồi dưỡng đã chờ quá hạn"),
    "THIEU_TIET": _ask("Chỉ đạo bồi dưỡng cho {shown} chưa đủ số tiết tối thiểu"),
    "PHU_KIN": _ask("Chỉ đạo cụ thể hóa {shown} của chương trình kỳ dài chưa có ai triển khai"),
    "TRUY_LEN": _ask("Yêu cầu gắn chương trình tháng, quý với chương trình năm (mới đạt {shown})"),
    "CHUYEN_KY": _ask("Yêu cầu giảm việc chuyển kỳ (đang là {shown} số việc)"),
    "SO_TONG_KET": _ask("Đôn đốc sơ kết, tổng kết phong trào (mới tổ chức {shown})"),
    "THUC_CHAT": _ask("Yêu cầu đánh giá lại {shown} tự đánh giá cao hơn số liệu"),
    "CHI_TIEU": _ask("Yêu cầu mọi phong trào có chỉ tiêu đo được (mới đạt {shown})"),
    "THAM_GIA": _ask("Chỉ đạo vận động nhân dân tham gia phong trào (mới đạt {shown})"),
    "GAN_PHONG_TRAO": _ask("Chấn chỉnh khen thưởng chưa gắn với phong trào (mới gắn {shown})"),
    "TRUC_TIEP": _ask("Tăng khen thưởng người trực tiếp công tác (mới đạt {shown})"),
    "CHI_CHAM": _ask("Chỉ đạo chi tiền thưởng đúng hạn (chậm {shown} số khoản)"),
    "KHAC_PHUC_MO": _ask("Đôn đốc {shown} khắc phục sau kiểm điểm chưa xong"),
    "VU_VIEC": _ask("Chỉ đạo xử lý dứt điểm vụ việc quá hạn (kịp thời mới {shown})"),
    "UON_NAN": lambda one: "Chỉ đạo uốn nắn các sai sót còn mở quá hạn",
    "LAP_LAI": _ask("Kiểm tra việc khắc phục {shown} lặp lại"),
    "QUA_LAU": _ask("Cho chủ trương chuyển đổi vị trí với {shown} giữ vị trí quá hạn"),
    "ROI_VI_TRI": _ask("Giữ ổn định đội ngũ: tỷ lệ rời vị trí đã là {shown}"),
    "NHU_CAU_DV": _ask("Chuẩn bị người cho {shown} của nhiệm kỳ tới"),
}


def asked_for(figures: Iterable[Measure]) -> list[str]:
    """What is asked of leaders for the figures that ask a person, in the order of the list."""
    alarming = {one.code: one for one in figures if one.alarm}
    return [ask(alarming[code]) for code, ask in ASKS.items() if code in alarming]
